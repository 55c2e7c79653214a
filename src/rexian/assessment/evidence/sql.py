# SPDX-License-Identifier: Apache-2.0
"""The questions to the database, each over whole tables at once. A column `x` with `x_of` beside it is a count of so many.

Raw SQL because each is one pass with many filtered counts; the tables are those of the apps below, read and never written.
"""

ORDERS = """
SELECT channel, CASE WHEN clause <> '' THEN pack ELSE '' END AS pack, count(*) AS orders,
  count(*) FILTER (WHERE citizen_id IS NOT NULL AND accepted_at IS NOT NULL) AS joined,
  count(dispatched_at) AS dispatched,
  count(citizen_id) AS citizen, count(*) FILTER (WHERE happened <> '') AS happened, count(area_id) AS area,
  count(category_id) AS category, count(*) FILTER (WHERE cause <> '') AS cause,
  count(*) FILTER (WHERE (accepted_at IS NULL OR accepted_at >= received_at)
    AND (closed_at IS NULL OR closed_at >= coalesce(replied_at, received_at)) AND (due_at IS NULL OR due_at > received_at)
    AND (lead_id IS NULL OR category_id IS NOT NULL)) AS consistent,
  count(*) FILTER (WHERE proposal IS NOT NULL) AS proposed,
  count(*) FILTER (WHERE proposal IS NOT NULL AND dispatched_at IS NOT NULL) AS advised,
  count(parent_id) AS merged,
  count(*) FILTER (WHERE published) AS published,
  count(*) FILTER (WHERE published AND reply_public !~ '(^|[^0-9])(1[3-9][0-9]{9}|[1-9][0-9]{16}[0-9Xx])([^0-9]|$)') AS clean,
  count(telephone) AS contacts,
  count(*) FILTER (WHERE octet_length(telephone) > 28 AND get_byte(telephone, 0) = ANY(%(suites)s)) AS sealed_contacts
FROM orders_workorder WHERE received_at >= %(start)s AND received_at < %(end)s GROUP BY 1, 2 ORDER BY 1, 2
"""
"""Orders received in the period by channel and rule pack. A ciphertext begins with the number of its suite and is longer than nonce and tag."""

RECORD = """
WITH last AS (SELECT hour, last_serial AS serial FROM orders_seal ORDER BY hour DESC LIMIT 1),
  first AS (SELECT min(base) AS serial FROM orders_numberday),
  kept AS (SELECT (SELECT count(*) FROM orders_workorder o, last WHERE o.serial <= last.serial)
    + (SELECT count(*) FROM orders_archivedorder a, last WHERE a.serial <= last.serial) AS n),
  void AS (SELECT coalesce(sum(jsonb_array_length(voids)), 0) AS n FROM orders_seal WHERE voids <> '[]'::jsonb),
  begun AS (SELECT date_trunc('hour', CASE WHEN min(at) IS NOT NULL THEN greatest(%(start)s, min(at)) END) AS hour FROM orders_orderevent)
SELECT kept.n AS kept,
  greatest(kept.n, last.serial - first.serial + 1 - void.n
    - (SELECT count(*) FROM orders_numberday d WHERE d.base <= last.serial)) AS kept_of,
  (SELECT count(*) FROM orders_seal s, begun WHERE s.hour >= begun.hour AND s.hour < %(end)s) AS sealed,
  (SELECT greatest(floor(extract(epoch FROM %(end)s - interval '2 hours' - begun.hour) / 3600)::int,
    (SELECT count(*) FROM orders_seal s WHERE s.hour >= begun.hour AND s.hour < %(end)s)) FROM begun) AS sealed_of
FROM kept CROSS JOIN void CROSS JOIN first LEFT JOIN last ON true
"""
"""Numbers given out up to the last seal (the base of a day is one that no order bears), and hours that are over by two at least."""

PEOPLE = """
SELECT count(s.department_id) AS placed, count(*) AS placed_of,
  (array_agg(u.username ORDER BY u.username) FILTER (WHERE s.department_id IS NULL))[1:%(examples)s] AS placed_examples,
  count(*) FILTER (WHERE NOT u.must_change_password) AS own_password, count(*) AS own_password_of,
  (array_agg(u.username ORDER BY u.username) FILTER (WHERE u.must_change_password))[1:%(examples)s] AS own_password_examples,
  count(f.confirmed_at) AS two_factor, count(*) AS two_factor_of,
  (array_agg(u.username ORDER BY u.username) FILTER (WHERE f.confirmed_at IS NULL))[1:%(examples)s] AS two_factor_examples,
  count(s.department_id) FILTER (WHERE u.post = ANY(%(department_posts)s)) AS department_accounts,
  count(*) FILTER (WHERE u.post = ANY(%(department_posts)s)) AS department_accounts_of
FROM security_user u LEFT JOIN directory_staff s ON s.user_id = u.id LEFT JOIN security_secondfactor f ON f.user_id = u.id
WHERE u.is_active
"""

TOOLS = """
SELECT a.trends, a.trends_of, a.matters, a.matters_of,
  (SELECT count(*) FROM knowledge_article WHERE live_id IS NOT NULL) AS articles,
  (SELECT count(*) FROM knowledge_article k JOIN knowledge_version v ON v.id = k.live_id WHERE v.public) AS public_articles,
  (SELECT count(*) FROM knowledge_vote WHERE visitor IS NOT NULL AND useful AND at >= %(start)s AND at < %(end)s) AS useful,
  (SELECT count(*) FROM knowledge_vote WHERE visitor IS NOT NULL AND at >= %(start)s AND at < %(end)s) AS useful_of,
  (SELECT count(DISTINCT c.order_id) FROM orders_correction c JOIN orders_workorder o ON o.id = c.order_id
    WHERE o.received_at >= %(start)s AND o.received_at < %(end)s AND o.proposal IS NOT NULL AND o.dispatched_at IS NOT NULL) AS corrected,
  (SELECT count(*) FROM directory_citizen WHERE merged_into_id IS NOT NULL)
    + (SELECT count(*) FROM orders_correction WHERE at >= %(start)s AND at < %(end)s) AS cleaned
FROM (SELECT count(seen_at) FILTER (WHERE sort = 'trend') AS trends, count(*) FILTER (WHERE sort = 'trend') AS trends_of,
  count(seen_at) FILTER (WHERE sort = 'matter') AS matters, count(*) FILTER (WHERE sort = 'matter') AS matters_of
  FROM warning_alarm WHERE found_at >= %(start)s AND found_at < %(end)s) a
"""

EXPORTS = """
SELECT count(*) FILTER (WHERE state = 'done') AS exports_done,
  count(*) FILTER (WHERE state IN ('done', 'failed')) AS exports_done_of,
  count(*) FILTER (WHERE EXISTS (SELECT 1 FROM security_accessrecord r WHERE r.user_id = e.user_id AND r.act = 'export'
    AND r.at BETWEEN e.asked_at - interval '1 minute' AND e.asked_at + interval '1 minute')) AS exports_recorded,
  count(*) AS exports_recorded_of
FROM orders_export e WHERE asked_at >= %(start)s AND asked_at < %(end)s
"""

CLIENTS = """
SELECT count(*) FILTER (WHERE sent) AS clients, count(*) AS clients_of,
  (array_agg(name ORDER BY name) FILTER (WHERE NOT sent))[1:%(examples)s] AS clients_examples
FROM (SELECT c.name, EXISTS (SELECT 1 FROM intake_receipt r WHERE r.source = c.id::text AND r.at >= %(start)s AND r.at < %(end)s) AS sent
  FROM intake_apiclient c WHERE c.active) one
"""

AGED = """
SELECT (SELECT count(*) FROM orders_workorder WHERE state = ANY(%(open)s)) AS clocked_of,
  (SELECT count(*) FROM orders_workorder WHERE state = ANY(%(open)s) AND (due_at IS NOT NULL OR stage_due_at IS NOT NULL)) AS clocked,
  (SELECT count(*) FROM orders_archivedorder) + (SELECT count(*) FROM orders_workorder
    WHERE received_at < %(old)s AND state = 'archived') AS archived,
  (SELECT count(*) FROM orders_archivedorder) + (SELECT count(*) FROM orders_workorder WHERE received_at < %(old)s) AS archived_of
"""

INSTRUCTIONS = """
SELECT (SELECT count(*) FROM orders_orderevent WHERE edge IN ('urge', 'supervise') AND role = 'leader' AND at >= %(start)s AND at < %(end)s)
  + (SELECT count(*) FROM warning_alarm a JOIN security_user u ON u.id = a.seen_by_id
    WHERE u.post = 'leader' AND a.seen_at >= %(start)s AND a.seen_at < %(end)s) AS instructions
"""

CATALOGUE = """
SELECT count(*) FILTER (WHERE lined) AS catalogued, count(*) AS catalogued_of,
  (array_agg(full_name ORDER BY code) FILTER (WHERE NOT lined))[1:%(examples)s] AS catalogued_examples
FROM (SELECT c.code, c.full_name, EXISTS (SELECT 1 FROM directory_catalogueline l WHERE l.until IS NULL
    AND l.category_id IN (c.id, c.parent_id, p.parent_id)) AS lined
  FROM directory_category c LEFT JOIN directory_category p ON p.id = c.parent_id
  WHERE c.active AND NOT EXISTS (SELECT 1 FROM directory_category d WHERE d.parent_id = c.id AND d.active)) leaf
"""

DUTIES = """
SELECT count(*) FILTER (WHERE duties <> '') AS duties, count(*) AS duties_of,
  (array_agg(name ORDER BY code) FILTER (WHERE duties = ''))[1:%(examples)s] AS duties_examples
FROM directory_department WHERE active AND NOT internal
"""

POSITIONS = """
SELECT count(*) FILTER (WHERE longitude IS NOT NULL OR outline IS NOT NULL) AS positioned, count(*) AS positioned_of,
  (array_agg(name ORDER BY code) FILTER (WHERE longitude IS NULL AND outline IS NULL))[1:%(examples)s] AS positioned_examples
FROM directory_area WHERE active AND level > 1
"""

TAKEN = """
WITH leads AS (SELECT DISTINCT lead_id FROM orders_workorder
    WHERE received_at >= %(start)s AND received_at < %(end)s AND lead_id IS NOT NULL),
  takers AS (SELECT DISTINCT d.path FROM security_accessrecord r JOIN security_user u ON u.id = r.user_id
    JOIN directory_staff s ON s.user_id = u.id JOIN directory_department d ON d.id = s.department_id
    WHERE r.act = 'export' AND u.post = ANY(%(department_posts)s) AND r.at >= %(start)s AND r.at < %(end)s)
SELECT count(*) FILTER (WHERE took) AS taken, count(*) AS taken_of,
  (array_agg(name ORDER BY code) FILTER (WHERE NOT took))[1:%(examples)s] AS taken_examples
FROM (SELECT d.code, d.name, EXISTS (SELECT 1 FROM takers t WHERE starts_with(t.path, d.path)) AS took
  FROM leads JOIN directory_department d ON d.id = leads.lead_id) one
"""

COLUMNS = """
SELECT c.table_name, c.column_name FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
WHERE table_schema = current_schema() AND t.table_type = 'BASE TABLE'
"""

AGE = "SELECT count(*) AS rows, count(*) FILTER (WHERE {column} >= %({table})s) AS fresh FROM {table}"
AGES = "SELECT sum(rows)::bigint AS rows, sum(fresh)::bigint AS fresh FROM ({parts}) one"
