-- standard
CREATE INDEX "Campaign_clicks_idx" ON "Campaign" ("clicks");

-- unique
CREATE UNIQUE INDEX "Campaign_code_key" ON "Campaign" ("code");

-- partial
CREATE INDEX "Campaign_active_idx" ON "Campaign" ("budget")
    WHERE "status" = 'active';

-- composite
CREATE INDEX "Campaign_status_createdAt_idx"
    ON "Campaign" ("status", "createdAt");

-- GIN, of a document and of an array
CREATE INDEX "Campaign_settings_idx" ON "Campaign"
    USING gin ("settings" jsonb_path_ops);
CREATE INDEX "Campaign_tags_idx" ON "Campaign" USING gin ("tags");

-- functional: without regard to case
CREATE INDEX "Campaign_ownerEmail_lower_idx"
    ON "Campaign" (lower("ownerEmail"));

-- sorted
CREATE INDEX "Campaign_endedAt_idx"
    ON "Campaign" ("endedAt" DESC NULLS LAST);
