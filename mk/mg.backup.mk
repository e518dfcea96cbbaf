# mg.backup.mk - take backups, look after them, and go back to one
#
# Yours to set:
#   ENVIRONMENT   development, staging or production: the label of backups
#                                                 [the name of the database]
#   REHEARSE      backup: 1 restores it in a scratch server, and compares [0]
#   FILE          which backup         [restore-rehearsal: the newest; (none)]
#   KEEP, KEEP_DAYS   backup-prune: so many, and the younger ones  [7, (none)]
#   DRY_RUN       backup-prune, restore, rollback: 1 only says what would be
#   YES           restore, rollback: 1 does not ask                       [0]
#   TERMINATE     likewise: 1 ends who is connected                       [0]
#   IN_PLACE      likewise: 1 needs no second database, and keeps none    [0]
#   DROP_OLD      likewise: 1 does not keep what was there                [0]
#   MG_BACKUPS    the folder of the backups; no business of git    [backups]
#   MG_BACKUP_FLAGS, MG_RESTORE_FLAGS   more options for mg-backup, which
#                 takes the backup, and for mg-restore                    []
#
# Gives:  backup  backups  backup-prune  backup-check  restore-rehearsal
#         restore  rollback
KEEP ?= 7

mg_backup_targets := backup backups backup-prune backup-check \
    restore-rehearsal restore rollback

.PHONY: $(mg_backup_targets)

$(call mg_give,$(mg_backup_targets),$(mg_programs) $(mg_folders) ENVIRONMENT \
    REHEARSE FILE KEEP KEEP_DAYS DRY_RUN YES TERMINATE IN_PLACE DROP_OLD \
    MG_BACKUP_FLAGS MG_RESTORE_FLAGS)

mg_backup = @exec sh '$(MG_SHARE)'/$(1).sh '$(MG_WORK)'

$(mg_backup_targets): | $(MG_WORK)

backup:			## take a backup, and print its path [REHEARSE=1]
	$(call mg_backup,backup-take)

backups:		## list the backups
	$(call mg_backup,backups) $@

backup-prune:		## remove old backups, but never the last good one [KEEP= KEEP_DAYS=]
	$(call mg_backup,backups) $@

backup-check:		## say whether a backup is what was written [FILE=]
	$(call mg_backup,backups) $@

restore-rehearsal:	## restore the newest in a scratch server, and compare [FILE=]
	$(call mg_backup,backups) $@

restore:		## go back to a backup [FILE=]
	$(call mg_backup,restore)

rollback:		## choose a backup of a list, and go back to it
	$(call mg_backup,rollback)
