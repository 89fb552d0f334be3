INSERT INTO tasks (
    guild_id, id, order_key, channel_id, member_id, model, provider, door, prompts, duration, cost,
    state, created_at, locale, flagged, attempts, film_fitted, upstream_id, submitted_at,
    told, repeats, source_member_id, source_message_id
) VALUES (
    7, '0123456789ab', 'interaction:1', 8, 9, 'lv', 'aivideomaker', 'long', '["a cat", "a dog"]',
    10, 150, 'RUNNING', '2026-03-18T12:00:00.000000+00:00', 'en-US', 0, 0, 0, 'job-1',
    '2026-03-18T12:00:01.000000+00:00', 0, 1, 11, 12
);
INSERT INTO ledger (
    guild_id, seq, kind, credits, pool_grants, member_grants, member_id, task_id, actor_id, at,
    counted_at
) VALUES
    (7, 1, 'hold', -150, 0, 0, 9, '0123456789ab', 9, '2026-03-18T12:00:00.000000+00:00',
        '2026-03-18T12:00:00.000000+00:00'),
    (7, 2, 'grant', 20, 20, 0, NULL, NULL, 5, '2026-03-18T12:30:00.000000+00:00',
        '2026-03-18T12:30:00.000000+00:00');
INSERT INTO rules (guild_id, seq, subject, subject_id, credits, period, actor_id, at) VALUES
    (7, 1, 'server', 0, 300, 'week', 5, '2026-03-01T00:00:00.000000+00:00');
INSERT INTO drafts (
    guild_id, id, member_id, channel_id, door, pictures, names, expires_at, created_at, message_id,
    source_member_id, prompt
) VALUES (
    7, 'ba9876543210', 9, 8, 'image', '["https://cdn.example/a.png"]', '["a.png"]',
    '2026-03-19T12:00:00.000000+00:00', '2026-03-18T12:00:00.000000+00:00', 12, 11, ''
);
INSERT INTO opt_outs (guild_id, member_id, at) VALUES
    (7, 13, '2026-03-18T12:00:00.000000+00:00');
