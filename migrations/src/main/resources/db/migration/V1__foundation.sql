-- Owner: atrium_owner (Flyway). The registry works as atrium_app, which sees the rows of one tenant only
-- (set_config('atrium.tenant', …, true) at the beginning of a transaction; unset means no rows), and as
-- atrium_platform for what belongs to nobody: sign-in, intake, feed, scheduler. Neither owns a table nor
-- bypasses row level security, and FORCE makes it hold for the owner too.

CREATE FUNCTION current_tenant() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('atrium.tenant', true), '')::uuid;

-- Tenancy -----------------------------------------------------------------------------------------------

CREATE TABLE tenant (
    id         uuid PRIMARY KEY DEFAULT uuidv7(),
    slug       text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9][a-z0-9._-]{0,63}$'),
    name       text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    status     text NOT NULL DEFAULT 'ACTIVE' CHECK (status IN ('ACTIVE', 'SUSPENDED')),
    time_zone  text NOT NULL DEFAULT 'UTC' CHECK (length(time_zone) BETWEEN 1 AND 64),
    -- The platform's own tenant: its models may be public and share a worker.
    platform   boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    revision   integer NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX tenant_one_platform ON tenant (platform) WHERE platform;

CREATE TABLE project (
    id         uuid PRIMARY KEY DEFAULT uuidv7(),
    tenant_id  uuid NOT NULL REFERENCES tenant,
    slug       text NOT NULL CHECK (slug ~ '^[a-z0-9][a-z0-9._-]{0,63}$'),
    name       text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    created_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (tenant_id, slug),
    UNIQUE (tenant_id, id)
);

CREATE TABLE app_user (
    id                   uuid PRIMARY KEY DEFAULT uuidv7(),
    email                text NOT NULL CHECK (email = lower(email) AND length(email) BETWEEN 3 AND 254),
    display_name         text NOT NULL CHECK (length(display_name) BETWEEN 1 AND 200),
    password_hash        text NOT NULL,
    must_change_password boolean NOT NULL DEFAULT false,
    platform_admin       boolean NOT NULL DEFAULT false,
    active               boolean NOT NULL DEFAULT true,
    -- The tenant that the user's next tokens act in.
    active_tenant_id     uuid REFERENCES tenant,
    created_at           timestamptz NOT NULL DEFAULT now(),
    UNIQUE (email)
);

CREATE TABLE member (
    tenant_id  uuid NOT NULL REFERENCES tenant,
    user_id    uuid NOT NULL REFERENCES app_user,
    role       text NOT NULL CHECK (role IN ('VIEWER', 'DEVELOPER', 'OWNER')),
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (tenant_id, user_id)
);
CREATE INDEX member_by_user ON member (user_id);

CREATE TABLE service_account (
    id          uuid PRIMARY KEY DEFAULT uuidv7(),
    tenant_id   uuid NOT NULL REFERENCES tenant,
    project_id  uuid NOT NULL,
    client_id   text NOT NULL UNIQUE,
    secret_hash text NOT NULL,
    name        text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    scopes      text[] NOT NULL,
    created_by  text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    deleted_at  timestamptz,
    FOREIGN KEY (tenant_id, project_id) REFERENCES project (tenant_id, id)
);

CREATE TABLE api_key (
    id                  text PRIMARY KEY CHECK (length(id) = 16),
    tenant_id           uuid NOT NULL REFERENCES tenant,
    project_id          uuid NOT NULL,
    name                text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    hint                text NOT NULL,
    secret_hash         text NOT NULL CHECK (length(secret_hash) = 64),
    scopes              text[] NOT NULL,
    allowed_models      text[] NOT NULL DEFAULT '{}',
    requests_per_minute integer NOT NULL CHECK (requests_per_minute > 0),
    created_by          text NOT NULL,
    created_at          timestamptz NOT NULL DEFAULT now(),
    expires_at          timestamptz,
    revoked_at          timestamptz,
    last_used_at        timestamptz,
    FOREIGN KEY (tenant_id, project_id) REFERENCES project (tenant_id, id)
);
CREATE INDEX api_key_by_tenant ON api_key (tenant_id, created_at DESC);

-- Sign-in (belongs to no tenant) --------------------------------------------------------------------------

CREATE TABLE login_throttle (
    -- 'user:<email>' or 'address:<ip>'
    subject       text PRIMARY KEY,
    failures      integer NOT NULL CHECK (failures >= 0),
    first_failure timestamptz NOT NULL,
    blocked_until timestamptz
);

CREATE TABLE sign_in_link (
    token_hash text PRIMARY KEY,
    user_id    uuid NOT NULL REFERENCES app_user,
    expires_at timestamptz NOT NULL,
    used_at    timestamptz
);

CREATE TABLE signing_key (
    kid         text PRIMARY KEY,
    public_jwk  text NOT NULL,
    -- AES-GCM under the registry's master key.
    private_jwk bytea NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    -- Signs until then; verifies until the last token made with it has expired.
    retires_at  timestamptz NOT NULL,
    removed_at  timestamptz NOT NULL CHECK (removed_at >= retires_at)
);

-- Shapes required by Spring Authorization Server and Spring Session, so that any registry can go on with a
-- sign-in that another one began.
CREATE TABLE oauth2_authorization (
    id                            varchar(100) PRIMARY KEY,
    registered_client_id          varchar(100) NOT NULL,
    principal_name                varchar(200) NOT NULL,
    authorization_grant_type      varchar(100) NOT NULL,
    authorized_scopes             varchar(1000),
    attributes                    text,
    state                         varchar(500),
    authorization_code_value      text,
    authorization_code_issued_at  timestamptz,
    authorization_code_expires_at timestamptz,
    authorization_code_metadata   text,
    access_token_value            text,
    access_token_issued_at        timestamptz,
    access_token_expires_at       timestamptz,
    access_token_metadata         text,
    access_token_type             varchar(100),
    access_token_scopes           varchar(1000),
    oidc_id_token_value           text,
    oidc_id_token_issued_at       timestamptz,
    oidc_id_token_expires_at      timestamptz,
    oidc_id_token_metadata        text,
    refresh_token_value           text,
    refresh_token_issued_at       timestamptz,
    refresh_token_expires_at      timestamptz,
    refresh_token_metadata        text,
    user_code_value               text,
    user_code_issued_at           timestamptz,
    user_code_expires_at          timestamptz,
    user_code_metadata            text,
    device_code_value             text,
    device_code_issued_at         timestamptz,
    device_code_expires_at        timestamptz,
    device_code_metadata          text
);
CREATE INDEX oauth2_authorization_by_principal ON oauth2_authorization (principal_name);

CREATE TABLE spring_session (
    primary_id            char(36) PRIMARY KEY,
    session_id            char(36) NOT NULL UNIQUE,
    creation_time         bigint NOT NULL,
    last_access_time      bigint NOT NULL,
    max_inactive_interval integer NOT NULL,
    expiry_time           bigint NOT NULL,
    principal_name        varchar(100)
);
CREATE INDEX spring_session_by_expiry ON spring_session (expiry_time);
CREATE INDEX spring_session_by_principal ON spring_session (principal_name);

CREATE TABLE spring_session_attributes (
    session_primary_id char(36) NOT NULL REFERENCES spring_session ON DELETE CASCADE,
    attribute_name     varchar(200) NOT NULL,
    attribute_bytes    bytea NOT NULL,
    PRIMARY KEY (session_primary_id, attribute_name)
);

-- Catalog ------------------------------------------------------------------------------------------------

CREATE TABLE model (
    id          uuid PRIMARY KEY DEFAULT uuidv7(),
    tenant_id   uuid NOT NULL REFERENCES tenant,
    project_id  uuid NOT NULL,
    name        text NOT NULL CHECK (name ~ '^[a-z0-9][a-z0-9._-]{0,63}$'),
    task        text NOT NULL CHECK (task IN ('TEXT_EMBEDDING', 'TEXT_GENERATION', 'TENSORS')),
    -- False: nobody said, so the first accepted version decides.
    task_given  boolean NOT NULL DEFAULT true,
    visibility  text NOT NULL DEFAULT 'PRIVATE' CHECK (visibility IN ('PRIVATE', 'SHARED', 'PUBLIC')),
    description text CHECK (length(description) <= 20000),
    created_at  timestamptz NOT NULL DEFAULT now(),
    updated_at  timestamptz NOT NULL DEFAULT now(),
    revision    integer NOT NULL DEFAULT 0,
    UNIQUE (tenant_id, name),
    UNIQUE (tenant_id, id),
    FOREIGN KEY (tenant_id, project_id) REFERENCES project (tenant_id, id)
);
CREATE INDEX model_by_name ON model (name);

CREATE TABLE model_share (
    tenant_id        uuid NOT NULL,
    model_id         uuid NOT NULL,
    shared_tenant_id uuid NOT NULL REFERENCES tenant,
    PRIMARY KEY (model_id, shared_tenant_id),
    FOREIGN KEY (tenant_id, model_id) REFERENCES model (tenant_id, id)
);

CREATE TABLE model_version (
    id          uuid PRIMARY KEY DEFAULT uuidv7(),
    tenant_id   uuid NOT NULL,
    project_id  uuid NOT NULL,
    model_id    uuid NOT NULL,
    number      integer NOT NULL CHECK (number > 0),
    state       text NOT NULL CHECK (state IN ('UPLOADING', 'INSPECTING', 'REJECTED', 'READY', 'RETIRED')),
    rejection   text CHECK ((state = 'REJECTED') = (rejection IS NOT NULL)),
    framework   text CHECK (framework IN ('ONNX', 'TORCHSCRIPT', 'GGUF')),
    signature   jsonb NOT NULL DEFAULT '{"inputs": [], "outputs": []}',
    settings    jsonb NOT NULL DEFAULT '{}',
    description text CHECK (length(description) <= 20000),
    created_by  text NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now(),
    revision    integer NOT NULL DEFAULT 0,
    UNIQUE (model_id, number),
    UNIQUE (tenant_id, id),
    CHECK (state NOT IN ('READY', 'RETIRED') OR framework IS NOT NULL),
    FOREIGN KEY (tenant_id, model_id) REFERENCES model (tenant_id, id),
    FOREIGN KEY (tenant_id, project_id) REFERENCES project (tenant_id, id)
);

CREATE TABLE model_file (
    tenant_id  uuid NOT NULL,
    version_id uuid NOT NULL,
    path       text NOT NULL CHECK (path ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$'),
    bytes      bigint NOT NULL CHECK (bytes >= 0),
    sha256     text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    PRIMARY KEY (version_id, path),
    FOREIGN KEY (tenant_id, version_id) REFERENCES model_version (tenant_id, id)
);
CREATE INDEX model_file_by_digest ON model_file (tenant_id, sha256);

CREATE TABLE model_alias (
    tenant_id  uuid NOT NULL,
    model_id   uuid NOT NULL,
    alias      text NOT NULL CHECK (alias ~ '^[a-z][a-z0-9-]{0,31}$'),
    version_id uuid NOT NULL,
    number     integer NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (model_id, alias),
    FOREIGN KEY (tenant_id, model_id) REFERENCES model (tenant_id, id),
    FOREIGN KEY (tenant_id, version_id) REFERENCES model_version (tenant_id, id)
);

CREATE TABLE model_alias_history (
    id         uuid PRIMARY KEY DEFAULT uuidv7(),
    tenant_id  uuid NOT NULL,
    model_id   uuid NOT NULL,
    alias      text NOT NULL,
    number     integer NOT NULL,
    moved_by   text NOT NULL,
    moved_at   timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (tenant_id, model_id) REFERENCES model (tenant_id, id)
);

-- Nodes, deployments -------------------------------------------------------------------------------------

CREATE TABLE join_token (
    token_hash text PRIMARY KEY,
    role       text NOT NULL CHECK (role IN ('GATEWAY', 'NODE')),
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    used_at    timestamptz,
    used_by    uuid
);

CREATE TABLE node (
    id                    uuid PRIMARY KEY DEFAULT uuidv7(),
    name                  text NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 200),
    url                   text NOT NULL,
    cpus                  integer NOT NULL CHECK (cpus > 0),
    memory_bytes          bigint NOT NULL CHECK (memory_bytes >= 0),
    sandbox               text NOT NULL,
    used_memory_bytes     bigint NOT NULL DEFAULT 0 CHECK (used_memory_bytes >= 0),
    in_flight             integer NOT NULL DEFAULT 0 CHECK (in_flight >= 0),
    alive                 boolean NOT NULL DEFAULT true,
    usage_shipped_through timestamptz,
    joined_at             timestamptz NOT NULL DEFAULT now(),
    last_seen_at          timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE gateway (
    id                uuid PRIMARY KEY DEFAULT uuidv7(),
    name              text NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 200),
    feed_revision     bigint NOT NULL DEFAULT 0,
    open_calls        bigint NOT NULL DEFAULT 0,
    unshipped_records bigint NOT NULL DEFAULT 0,
    joined_at         timestamptz NOT NULL DEFAULT now(),
    last_seen_at      timestamptz NOT NULL DEFAULT now()
);

-- Credentials of gateways and nodes; the previous one stays valid for a while after a rotation.
CREATE TABLE machine_credential (
    secret_hash text PRIMARY KEY,
    role        text NOT NULL CHECK (role IN ('GATEWAY', 'NODE')),
    machine_id  uuid NOT NULL,
    issued_at   timestamptz NOT NULL DEFAULT now(),
    valid_until timestamptz
);
CREATE INDEX machine_credential_by_machine ON machine_credential (machine_id);

CREATE TABLE deployment (
    version_id uuid PRIMARY KEY,
    tenant_id  uuid NOT NULL,
    replicas   integer NOT NULL CHECK (replicas BETWEEN 0 AND 100),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (tenant_id, version_id) REFERENCES model_version (tenant_id, id)
);

CREATE TABLE placement (
    id             uuid PRIMARY KEY DEFAULT uuidv7(),
    tenant_id      uuid NOT NULL,
    version_id     uuid NOT NULL REFERENCES deployment,
    node_id        uuid NOT NULL REFERENCES node,
    state          text NOT NULL DEFAULT 'PENDING'
        CHECK (state IN ('PENDING', 'FETCHING', 'LOADING', 'WARMING_UP', 'READY', 'DRAINING', 'FAILED')),
    reason         text,
    resident_bytes bigint NOT NULL DEFAULT 0 CHECK (resident_bytes >= 0),
    since          timestamptz NOT NULL DEFAULT now(),
    UNIQUE (version_id, node_id),
    FOREIGN KEY (tenant_id, version_id) REFERENCES model_version (tenant_id, id)
);
CREATE INDEX placement_by_node ON placement (node_id);

-- Feed ---------------------------------------------------------------------------------------------------

-- The newest state of every thing that gateways need, a compacted change log: a delta is what has a higher
-- revision, a full load is what is not gone. A body of NULL is a tombstone.
CREATE SEQUENCE feed_revision;
CREATE TABLE feed_entry (
    kind       text NOT NULL,
    id         text NOT NULL,
    revision   bigint NOT NULL UNIQUE,
    body       jsonb,
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (kind, id)
);

CREATE TABLE feed_state (
    only_row      boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    -- Changed by a restore, so that gateways forget what they know.
    epoch         uuid NOT NULL DEFAULT uuidv7(),
    -- Tombstones up to here are gone: whoever asks from below needs a full load.
    trimmed_below bigint NOT NULL DEFAULT 0
);
INSERT INTO feed_state DEFAULT VALUES;

-- Called last before commit. The lock makes revisions visible in their order: nobody can commit a higher
-- one while a lower one is still open, so a reader never skips an entry.
CREATE FUNCTION feed_publish(kinds text[], ids text[], bodies jsonb[]) RETURNS bigint
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    newest bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(4711002);
    FOR i IN 1 .. cardinality(kinds) LOOP
        newest := nextval('feed_revision');
        INSERT INTO feed_entry (kind, id, revision, body) VALUES (kinds[i], ids[i], newest, bodies[i])
        ON CONFLICT (kind, id) DO UPDATE
            SET revision = excluded.revision, body = excluded.body, updated_at = now();
    END LOOP;
    PERFORM pg_notify('atrium_feed', newest::text);
    RETURN newest;
END $$;

-- Usage --------------------------------------------------------------------------------------------------

-- One row per call, never edited. The day is the UTC day inside the UUIDv7 call id.
CREATE TABLE usage_record (
    day                       date NOT NULL,
    call_id                   uuid NOT NULL,
    tenant_id                 uuid NOT NULL,
    project_id                uuid NOT NULL,
    principal_kind            text NOT NULL CHECK (principal_kind IN ('API_KEY', 'USER', 'SERVICE_ACCOUNT')),
    principal_id              text NOT NULL,
    model_id                  uuid NOT NULL,
    model_name                text NOT NULL,
    version_id                uuid NOT NULL,
    version                   integer NOT NULL,
    operation                 text NOT NULL CHECK (operation IN ('EMBEDDINGS', 'CHAT', 'INFER')),
    outcome                   text NOT NULL CHECK (outcome IN ('OK', 'INVALID_INPUT', 'CLIENT_GONE', 'NODE_FAILED',
                                                               'NO_REPLICA', 'DEADLINE_EXCEEDED', 'GATEWAY_LOST')),
    http_status               integer NOT NULL,
    attempts                  integer NOT NULL CHECK (attempts >= 0),
    node_id                   uuid,
    input_tokens              bigint NOT NULL CHECK (input_tokens >= 0),
    output_tokens             bigint NOT NULL CHECK (output_tokens >= 0),
    compute_micros            bigint NOT NULL CHECK (compute_micros >= 0),
    time_to_first_byte_micros bigint CHECK (time_to_first_byte_micros >= 0),
    opened_at                 timestamptz NOT NULL,
    settled_at                timestamptz NOT NULL,
    source                    text NOT NULL CHECK (source IN ('GATEWAY', 'NODE')),
    gateway_id                uuid NOT NULL,
    posted_at                 timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (day, call_id)
) PARTITION BY RANGE (day);
CREATE INDEX usage_record_by_tenant ON usage_record (tenant_id, day, call_id);

-- Moved in the transaction that inserts the records; what the usage pages read.
CREATE TABLE usage_hourly (
    hour           timestamptz NOT NULL,
    tenant_id      uuid NOT NULL,
    project_id     uuid NOT NULL,
    principal_kind text NOT NULL,
    principal_id   text NOT NULL,
    model_name     text NOT NULL,
    version        integer NOT NULL,
    operation      text NOT NULL,
    calls          bigint NOT NULL CHECK (calls >= 0),
    failed_calls   bigint NOT NULL CHECK (failed_calls BETWEEN 0 AND calls),
    input_tokens   bigint NOT NULL CHECK (input_tokens >= 0),
    output_tokens  bigint NOT NULL CHECK (output_tokens >= 0),
    compute_micros bigint NOT NULL CHECK (compute_micros >= 0),
    PRIMARY KEY (tenant_id, hour, project_id, principal_kind, principal_id, model_name, version, operation)
);

-- What a node says of each attempt.
CREATE TABLE node_usage (
    call_id        uuid NOT NULL,
    attempt        integer NOT NULL CHECK (attempt > 0),
    node_id        uuid NOT NULL,
    version_id     uuid NOT NULL,
    started_at     timestamptz NOT NULL,
    finished_at    timestamptz,
    outcome        text NOT NULL,
    input_tokens   bigint NOT NULL CHECK (input_tokens >= 0),
    output_tokens  bigint NOT NULL CHECK (output_tokens >= 0),
    compute_micros bigint NOT NULL CHECK (compute_micros >= 0),
    posted_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (call_id, attempt)
);
CREATE INDEX node_usage_by_time ON node_usage (posted_at);

-- Calls that a killed gateway left open, until a node's record or the nodes' silence resolves them.
CREATE TABLE usage_orphan (
    call_id     uuid PRIMARY KEY,
    gateway_id  uuid NOT NULL,
    body        jsonb NOT NULL,
    opened_at   timestamptz NOT NULL,
    reported_at timestamptz NOT NULL DEFAULT now(),
    resolved_at timestamptz,
    resolution  text CHECK (resolution IN ('SETTLED', 'VOID')),
    CHECK ((resolved_at IS NULL) = (resolution IS NULL))
);
CREATE INDEX usage_orphan_unresolved ON usage_orphan (reported_at) WHERE resolved_at IS NULL;

-- Records that cannot be posted (a day beyond retention or in the future, an unknown tenant). Kept and alarmed.
CREATE TABLE usage_quarantine (
    id         uuid PRIMARY KEY DEFAULT uuidv7(),
    call_id    uuid NOT NULL UNIQUE,
    gateway_id uuid NOT NULL,
    reason     text NOT NULL,
    body       jsonb NOT NULL,
    arrived_at timestamptz NOT NULL DEFAULT now()
);

-- Partitions belong to the owner; the registry asks for them by the day.
CREATE FUNCTION usage_ensure_partitions(first_day date, last_day date) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    day  date := first_day;
    made integer := 0;
    name text;
BEGIN
    IF last_day - first_day > 400 THEN
        RAISE EXCEPTION 'refusing to make % partitions at once', last_day - first_day;
    END IF;
    PERFORM pg_advisory_xact_lock(4711003);
    WHILE day <= last_day LOOP
        name := 'usage_record_' || to_char(day, 'YYYYMMDD');
        IF to_regclass('public.' || name) IS NULL THEN
            EXECUTE format('CREATE TABLE %I PARTITION OF usage_record FOR VALUES FROM (%L) TO (%L)', name, day, day + 1);
            made := made + 1;
        END IF;
        day := day + 1;
    END LOOP;
    RETURN made;
END $$;

-- Audit --------------------------------------------------------------------------------------------------

CREATE TABLE audit_entry (
    id         uuid PRIMARY KEY DEFAULT uuidv7(),
    -- NULL: an act of or on the platform itself.
    tenant_id  uuid REFERENCES tenant,
    at         timestamptz NOT NULL DEFAULT now(),
    actor      text NOT NULL,
    action     text NOT NULL,
    subject    text NOT NULL,
    detail     text,
    request_id text
);
CREATE INDEX audit_entry_by_tenant ON audit_entry (tenant_id, id DESC);

-- Row level security -------------------------------------------------------------------------------------

DO $$
DECLARE
    t text;
BEGIN
    -- Rows of exactly one tenant.
    FOREACH t IN ARRAY ARRAY['project', 'member', 'service_account', 'api_key', 'model_alias_history', 'deployment',
                             'placement', 'usage_record', 'usage_hourly', 'audit_entry', 'model', 'model_version',
                             'model_file', 'model_alias', 'model_share'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY own_tenant ON %I TO atrium_app USING (tenant_id = current_tenant())
                        WITH CHECK (tenant_id = current_tenant())', t);
        EXECUTE format('CREATE POLICY platform ON %I TO atrium_platform USING (true) WITH CHECK (true)', t);
    END LOOP;
END $$;

ALTER TABLE tenant ENABLE ROW LEVEL SECURITY;
ALTER TABLE tenant FORCE ROW LEVEL SECURITY;
CREATE POLICY own_tenant ON tenant TO atrium_app USING (id = current_tenant()) WITH CHECK (id = current_tenant());
CREATE POLICY platform ON tenant TO atrium_platform USING (true) WITH CHECK (true);

ALTER TABLE app_user ENABLE ROW LEVEL SECURITY;
ALTER TABLE app_user FORCE ROW LEVEL SECURITY;
CREATE POLICY fellow_members ON app_user FOR SELECT TO atrium_app
    USING (EXISTS (SELECT FROM member WHERE member.user_id = app_user.id));
CREATE POLICY platform ON app_user TO atrium_platform USING (true) WITH CHECK (true);

-- Models are also visible to those they are shared with, read-only.
CREATE POLICY shared_with_me ON model_share FOR SELECT TO atrium_app USING (shared_tenant_id = current_tenant());
CREATE POLICY visible ON model FOR SELECT TO atrium_app
    USING (current_tenant() IS NOT NULL
           AND (visibility = 'PUBLIC'
                OR (visibility = 'SHARED'
                    AND EXISTS (SELECT FROM model_share s WHERE s.model_id = model.id
                                                            AND s.shared_tenant_id = current_tenant()))));
CREATE POLICY of_visible_model ON model_version FOR SELECT TO atrium_app
    USING (EXISTS (SELECT FROM model m WHERE m.id = model_version.model_id));
CREATE POLICY of_visible_model ON model_alias FOR SELECT TO atrium_app
    USING (EXISTS (SELECT FROM model m WHERE m.id = model_alias.model_id));
CREATE POLICY of_visible_version ON model_file FOR SELECT TO atrium_app
    USING (EXISTS (SELECT FROM model_version v WHERE v.id = model_file.version_id));
CREATE POLICY of_visible_version ON deployment FOR SELECT TO atrium_app
    USING (EXISTS (SELECT FROM model_version v WHERE v.id = deployment.version_id));

-- A tenant's name is part of its public and shared models' names.
CREATE TABLE tenant_directory (
    id   uuid PRIMARY KEY REFERENCES tenant,
    slug text NOT NULL UNIQUE
);
CREATE FUNCTION tenant_slug(tenant uuid) RETURNS text
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
    AS $$ SELECT slug FROM tenant_directory WHERE id = tenant $$;
CREATE FUNCTION tenant_directory_follow() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO tenant_directory (id, slug) VALUES (new.id, new.slug);
    RETURN new;
END $$;
CREATE TRIGGER tenant_directory_follow AFTER INSERT ON tenant
    FOR EACH ROW EXECUTE FUNCTION tenant_directory_follow();

-- Grants -------------------------------------------------------------------------------------------------

GRANT USAGE ON SCHEMA public TO atrium_app, atrium_platform;
REVOKE ALL ON FUNCTION feed_publish, usage_ensure_partitions, tenant_slug FROM PUBLIC;
GRANT EXECUTE ON FUNCTION feed_publish, tenant_slug TO atrium_app, atrium_platform;
GRANT EXECUTE ON FUNCTION usage_ensure_partitions TO atrium_platform;

GRANT SELECT, UPDATE ON tenant TO atrium_app;
GRANT SELECT (id, email, display_name, active, created_at) ON app_user TO atrium_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON project, member, service_account, api_key, model, model_share, model_version,
    model_file, model_alias, model_alias_history, deployment TO atrium_app;
GRANT SELECT ON placement, usage_record, usage_hourly TO atrium_app;
GRANT SELECT, INSERT ON audit_entry TO atrium_app;
GRANT SELECT (id, name) ON node TO atrium_app;

GRANT SELECT, INSERT, UPDATE, DELETE ON tenant, project, app_user, member, service_account, api_key, login_throttle,
    sign_in_link, signing_key, oauth2_authorization, spring_session, spring_session_attributes, model, model_share,
    model_version, model_file, model_alias, model_alias_history, join_token, node, gateway, machine_credential,
    deployment, placement TO atrium_platform;
GRANT SELECT, INSERT, UPDATE, DELETE ON feed_entry, feed_state, node_usage, usage_orphan TO atrium_platform;
GRANT SELECT, INSERT ON usage_record, usage_quarantine, audit_entry TO atrium_platform;
GRANT SELECT, INSERT, UPDATE ON usage_hourly TO atrium_platform;
GRANT SELECT ON tenant_directory TO atrium_platform;
