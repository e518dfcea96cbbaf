# mg.notify.mk - tell a channel what happens
#
# Yours to set:
#   SLACK_WEBHOOK_URL  where to post {"text": ...}; a secret        [(none)]
#   NOTIFY_CMD         a command instead, which gets the message as JSON on
#                      its standard input, and MG_EVENT             [(none)]
#   NOTIFY_TIMEOUT     how many seconds either may take                 [10]
#   MG_CURL            what posts                                     [curl]
#
# Gives:  notify
#
# make deploy tells of start, success and failure where it has gates; that
# nobody could be told fails nothing but make notify.
.PHONY: notify

$(call mg_give,notify,$(mg_programs) ENVIRONMENT SLACK_WEBHOOK_URL NOTIFY_CMD \
    NOTIFY_TIMEOUT)

notify: | $(MG_WORK)	## send a test message to SLACK_WEBHOOK_URL or NOTIFY_CMD
	@exec sh '$(MG_SHARE)/notify.sh' '$(MG_WORK)' test \
	    'a test: this is where deployments are told of'
