# disk.bash - a disk that runs full
#
# With the right to mount, the servers lie on small ones of their own.
# Without, our session may not write files beyond a size, which its server
# calls the same: it could not extend a file.
#
# shellcheck disable=SC2154 # what run and tests/helper set

readonly DISK=300M FILE=65536

# own_disk: at $own_parent, if that may be
own_disk() {
	mkdir "$own_parent"
	mount -t tmpfs -o "mode=755,size=$DISK" mg-fault "$own_parent" \
	    2>/dev/null ||
	    echo '# no disk of our own: files are limited instead'
}

end_disk() {
	! mountpoint -q "$own_parent" || umount "$own_parent"
}

fill_disk() {
	local tries used
	if ! mountpoint -q "$own_parent"; then
		limit_files
		return
	fi
	# More may come to be used meanwhile, and then it refuses.
	for ((tries = 0; tries < 100; tries++)); do
		used=$(df -k --output=used "$own_parent" | tail -n 1)
		! mount -o "remount,size=${used// /}k" "$own_parent" || return 0
	done
	return 1
}

# limit_files: those of our session; even root has to be its user for that
limit_files() {
	local as=()
	[ "$(id -u)" != 0 ] || as=(runuser -u postgres --)
	"${as[@]}" prlimit --pid "$(backend)" --fsize="$FILE"
}

free_disk() {
	! mountpoint -q "$own_parent" ||
	    mount -o "remount,size=$DISK" "$own_parent"
}
