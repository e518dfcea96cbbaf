# branch.sh - which branch this is, and which release it is of
#
# To be read; BRANCH and RELEASE_BRANCHES come from make.
#
# shellcheck shell=sh disable=SC2034,SC2154

# find_branch: $branch, or an empty one, and in $branch_source who says so.  CI
# often checks out no branch, but has a variable.
find_branch() {
	for branch_source in BRANCH RAILWAY_GIT_BRANCH GITHUB_REF_NAME \
	    CI_COMMIT_REF_NAME; do
		eval "branch=\${$branch_source:-}"
		if [ -n "$branch" ]; then
			except_tags
			return
		fi
	done
	if branch=$(git symbolic-ref -q --short HEAD 2>/dev/null); then
		branch_source=git
	elif git rev-parse --git-dir >/dev/null 2>&1; then
		branch='' branch_source='git is on none: HEAD is detached'
	else
		branch='' branch_source='this is no git repository'
	fi
}

# GitHub and GitLab call a tag by the same variable.
except_tags() {
	case $branch_source in
	GITHUB_REF_NAME) [ "${GITHUB_REF_TYPE:-}" = tag ] || return 0 ;;
	CI_COMMIT_REF_NAME) [ -n "${CI_COMMIT_TAG:-}" ] || return 0 ;;
	*) return 0 ;;
	esac
	branch_source="$branch_source is a tag, $branch" branch=''
}

# match_branch: $version, if $branch is a release branch
match_branch() {
	for pattern in $RELEASE_BRANCHES; do
		before=${pattern%%\%*} after=${pattern#*\%}
		case $branch in
		"$before"?*"$after")
			version=${branch#"$before"}
			version=${version%"$after"}
			return
			;;
		esac
	done
	return 1
}

about_branch() {
	if [ -n "$branch" ]; then
		echo "the branch is $branch, says $branch_source"
	else
		echo "no branch is known: $branch_source"
	fi
}
