# mg.report.mk - what was run, how long it took, and whether that is too long
#
# Yours to set:
#   LAST    how many of the last runs count                             [50]
#   FILE    the file that is written     [report.html, or standard output]
#   FORMAT  report: html or text                                      [html]
#   MG_LOG  the log that is read                             [.mg/log.jsonl]
#   MG_THRESHOLDS  a JSON file of other thresholds than those of
#           share/thresholds.json, or of some of them                     []
#
# Gives:  report  metrics  thresholds
#
# make exits 2 whatever thresholds finds; its script, which needs no make, tells
# 0 good, 1 warn, 2 alert, 3 no answer, as monitoring programs have it:
#
#	MG_LOG=.mg/log.jsonl sh $(MG_SHARE)/report.sh thresholds

mg_report_targets := report metrics thresholds

.PHONY: $(mg_report_targets)

$(call mg_give,$(mg_report_targets),MG_JQ MG_SHARE MG_LOG MG_THRESHOLDS LAST \
    FILE FORMAT)

report:			## draw what was run and how long it took [LAST= FILE= FORMAT=text]
	@exec sh '$(MG_SHARE)/report.sh' $@

metrics:		## say it to Prometheus [FILE=]
	@exec sh '$(MG_SHARE)/report.sh' $@

thresholds:		## judge the last runs: good, warn or alert [LAST=]
	@exec sh '$(MG_SHARE)/report.sh' $@
