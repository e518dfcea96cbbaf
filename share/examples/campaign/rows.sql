-- rows.sql - the campaigns 1 to :rows, the same whenever they are made
INSERT INTO "Campaign"
SELECT md5('campaign ' || n)::uuid,
    'C' || lpad(n::text, 9, '0'),
    'Campaign ' || n || ' of ' || md5(n::text),
    'Owner' || n % 50000 || '@Example.org',
    hashint4(n) & 1048575,
    n::bigint * 1000003,
    (hashint4(n + 1) & 16777215) / 100.0,
    n % 3 = 0,
    (enum_range(NULL::"CampaignStatus"))[1 + n % 4],
    jsonb_build_object('channel', n % 17, 'region', n % 250,
	'goal', jsonb_build_object('kind', n % 5, 'target', n % 1000)),
    json_build_object('file', n / 1000, 'line', n % 1000),
    ARRAY['tag' || n % 100, 'tag' || n % 7, 'team' || n % 1000],
    timestamp '2024-01-01' + n * interval '7 seconds',
    CASE WHEN n % 4 = 3 THEN timestamptz '2025-01-01 00:00:00Z'
	+ (hashint4(n + 2) & 8388607) * interval '1 second' END
FROM generate_series(1, :rows) AS n;
