# mg.backup.mk - take backups, look at them, and go back to one
#
# Yours to set:
#   ENVIRONMENT   development, staging or production: the label of backups
#                                                 [the name of the database]
#   REHEARSE      backup: 1 restores it in a scratch server, and compares [0]
#   MG_BACKUPS    the folder of the backups                        [backups]
#   MG_BACKUP_FLAGS   backup: more options for mg-backup                  []
#
# Gives:  backup

mg_backup_targets := backup

.PHONY: $(mg_backup_targets)

$(call mg_give,$(mg_backup_targets),$(mg_programs) $(mg_folders) ENVIRONMENT \
    REHEARSE MG_BACKUP_FLAGS)

mg_backup = @exec sh '$(MG_SHARE)'

backup: | $(MG_WORK)	## take a backup, and print its path [REHEARSE=1]
	$(mg_backup)/backup-take.sh '$(MG_WORK)'
