/** Examples of the tables of `spear.toml`, by path. Each has every key of its table, unless keys exclude each other. Tests read them as the host does. */
export const EXAMPLES: ReadonlyMap<string, string> = new Map([
	[
		"host",
		`
[host]
log_level = "info"
timeout_ms = 60_000
max_memory_bytes = 134_217_728
max_total_memory_bytes = 2_147_483_648
max_running = 200
max_pending_runs = 1_000
worker_pool = 2
kinds = ["acme-spear-backend", "./backends/mine.js"]
cache_dir = "/var/cache/spear"
proxy = "http://proxy.example.com:3128"
ca_file = "/etc/ssl/company.pem"
seal_key_env = "SPEAR_SEAL_KEY"          # or seal_key_file = "/run/secrets/seal"
`,
	],
	[
		"limits",
		`
[limits]
max_instance_bytes = 536_870_912
max_iterations = 12
max_total_tool_calls = 64
max_tool_output_bytes = 131_072
stream_buffer_bytes = 524_288
max_log_bytes = 4_096
max_log_lines_per_s = 50
max_log_bytes_per_s = 65_536
max_hostcall_bytes = 33_554_432
max_hostcall_items = 200_000
max_handles = 2_048
max_realtime_sessions = 2
max_realtime_s = 1_800
realtime_idle_s = 60
realtime_queue_bytes = 2_097_152
`,
	],
	[
		"media",
		`
[media]
dir = "/var/lib/spear/media"
shared = "directory"                     # hosts of [cluster] see the same directory
max_bytes = 67_108_864
quota_bytes = 536_870_912
max_call_bytes = 8_388_608
expires_after_s = 3_600
allowed_hosts = ["images.example.com", "*.cdn.example.com"]
allow_private_addresses = false
`,
	],
	[
		"media.s3",
		`
[media]
shared = "s3"

[media.s3]
endpoint = "https://s3.example.com"
bucket = "spear-media"
region = "eu-central-1"
prefix = "production"
path_style = true
access_key_env = "SPEAR_S3_ACCESS_KEY"   # or access_key_file = "/run/secrets/s3-id"
secret_key_env = "SPEAR_S3_SECRET_KEY"   # or secret_key_file = "/run/secrets/s3"
`,
	],
	[
		"telemetry",
		`
[telemetry]
metrics = true
opentelemetry = true
propagate = ["main"]                     # backends that receive the trace's ids
capture_content = false
max_content_bytes = 4_096
`,
	],
	[
		"router",
		`
[router]
degradation = "strict"
max_attempts = 4
backoff_ms = 100
max_backoff_ms = 2_000
retry_budget_percent = 10
queue_timeout_ms = 5_000
max_pending_requests = 500
slow_start_ms = 30_000
breaker = { consecutive_failures = 3 }
ejection = { error_percent = 30 }
decision_log = { sample_percent = 100 }
`,
	],
	[
		"router.breaker",
		`
[router.breaker]
consecutive_failures = 3
base_open_ms = 2_000
max_open_ms = 30_000
`,
	],
	[
		"router.ejection",
		`
[router.ejection]
interval_ms = 5_000
min_requests = 50
error_percent = 30
latency_factor = 3
base_ejection_ms = 10_000
max_ejection_percent = 30
`,
	],
	[
		"router.decision_log",
		`
[router.decision_log]
sample_percent = 100
capacity = 1_000
`,
	],
	[
		"backends.<name>",
		`
[backends.main]
kind = "openai-compatible"
base_url = "https://api.example.com/v1"
api_key_env = ["MAIN_API_KEY_1", "MAIN_API_KEY_2"]
api_key_file = "/run/secrets/main-key"
key_policy = "least_errors"
headers = { "x-team" = "search" }
models = ["small", { name = "large", upstream = "large-2026-05" }, "text-*"]
discover_models = true
operations = ["chat_completions", "embeddings"]
features = ["supports_tools", "supports_json_schema"]
transports = ["unary", "server_stream"]
weight = 3
priority = 0
region = "eu-west"
limits = { context_tokens = 128_000, concurrency = 50 }
operation_limits = { embeddings = { batch = 100 } }
price = { input = 0.4, output = 1.6 }
options = { max_tokens_field = "max_tokens" }
`,
	],
	[
		"backends.<name>.models[]",
		`
[backends.main]
kind = "openai-compatible"
base_url = "https://api.example.com/v1"

[[backends.main.models]]
name = "large"
upstream = "large-2026-05"
aliases = ["best"]
operations = ["chat_completions"]
limits = { output_tokens = 8_192 }
price = { input = 2.5, output = 10 }
`,
	],
	[
		"backends.<name>.models[].limits",
		`
[backends.main]
kind = "openai-compatible"
base_url = "https://api.example.com/v1"

[[backends.main.models]]
name = "large"
[backends.main.models.limits]
context_tokens = 128_000
output_tokens = 8_192
characters = 4_096
batch = 100
images = 4
image_pixels = 4_194_304
audio_seconds = 1_500
session_seconds = 900
`,
	],
	[
		"backends.<name>.models[].price",
		`
[backends.main]
kind = "openai-compatible"
base_url = "https://api.example.com/v1"

[[backends.main.models]]
name = "large"
[backends.main.models.price]
input = 2.5
cached_input = 0.25
cache_write = 3
output = 10
reasoning = 10
request = 0.001
image = 0.04
characters = 15
audio_minute = 0.006
`,
	],
	[
		"backends.<name>.limits",
		`
[backends.main]
kind = "openai-compatible"
base_url = "https://api.example.com/v1"

[backends.main.limits]
context_tokens = 128_000
output_tokens = 16_384
characters = 4_096
batch = 2_048
images = 10
image_pixels = 4_194_304
audio_seconds = 1_500
session_seconds = 900
concurrency = 50
requests_per_second = 20
requests_per_minute = 600
tokens_per_minute = 400_000
`,
	],
	[
		"backends.<name>.operation_limits.<operation>",
		`
[backends.main]
kind = "openai-compatible"
base_url = "https://api.example.com/v1"

[backends.main.operation_limits.embeddings]
context_tokens = 8_192
output_tokens = 1
characters = 30_000
batch = 100
images = 1
image_pixels = 1_048_576
audio_seconds = 60
session_seconds = 60
concurrency = 10
requests_per_second = 100
requests_per_minute = 3_000
tokens_per_minute = 1_000_000
`,
	],
	[
		"backends.<name>.price",
		`
[backends.main]
kind = "openai-compatible"
base_url = "https://api.example.com/v1"

[backends.main.price]
input = 0.4
cached_input = 0.1
cache_write = 0.5
output = 1.6
reasoning = 1.6
request = 0.001
image = 0.04
characters = 15
audio_minute = 0.006
`,
	],
	[
		"routes.<operation>",
		`
[routes.chat_completions]
policy = "ewma_latency"
degradation = "declared"
request_policies = ["consistent_hash", "priority"]
allow = ["main", "spare"]
deny = ["old"]
timeout_ms = 90_000
first_event_timeout_ms = 20_000
idle_timeout_ms = 30_000
max_attempts = 3
idempotent = true
affinity = true
concurrency = 200
hedge = { quantile = 0.95 }
mirror = { backend = "trial", percent = 1 }
`,
	],
	[
		"routes.<operation>.hedge",
		`
[routes.chat_completions.hedge]
attempts = 2
quantile = 0.95                          # or delay_ms = 2_000
budget_percent = 5
`,
	],
	[
		"routes.<operation>.mirror",
		`
[routes.chat_completions.mirror]
backend = "trial"
percent = 1
concurrency = 2
requests_per_minute = 30
budget_per_day = 1.5
`,
	],
	[
		"mcp.servers.<id>",
		`
[mcp.servers.files]
command = "npx"
args = ["--no", "mcp-server-filesystem", "/srv/shared"]
env = ["FILES_TOKEN"]
cwd = "/srv"
allowed_tools = ["read_*", "list_directory"]
list_timeout_ms = 10_000
call_timeout_ms = 5_000
max_output_bytes = 262_144
`,
	],
	[
		"guests.<name>",
		`
[guests."*"]                             # each guest without an entry of its own
weight = 1
engine = "direct"
metering = "full"
spare_instances = 1
slice_ms = 5
run_timeout_ms = 60_000
cpu_ms = 5_000
cpu_ms_per_minute = 20_000
mcp_servers = ["files"]
requests_per_second = 10
requests_per_minute = 120
tokens_per_minute = 50_000
concurrency = 4
isolation = "worker"
budget = { amount = 2.5, per = "day" }
routes = { chat_completions = { allow = ["main"] } }
`,
	],
	[
		"guests.<name>.budget",
		`
[guests.nightly.budget]
amount = 20
per = "month"
`,
	],
	[
		"guests.<name>.routes.<operation>",
		`
[guests.nightly.routes.chat_completions]
policy = "priority"
degradation = "lenient"
request_policies = ["priority"]
allow = ["main"]
deny = ["spare"]
`,
	],
	[
		"server",
		`
[server]
host = "0.0.0.0"
port = 8443
tls_cert_file = "/etc/spear/tls/cert.pem"
tls_key_file = "/etc/spear/tls/key.pem"
allowed_hosts = ["ai.example.com"]
cors_origins = ["https://app.example.com"]
max_body_bytes = 16_777_216
max_total_body_bytes = 134_217_728
max_header_bytes = 8_192
max_connections = 1_000
max_requests = 500
header_timeout_ms = 5_000
body_timeout_ms = 20_000
write_timeout_ms = 30_000
keep_alive_ms = 60_000
drain_ms = 15_000
access_log = true
page = true
admin_key_env = "SPEAR_ADMIN_KEY"        # or admin_key_file = "/run/secrets/admin"
metrics_public = false
`,
	],
	[
		"agents.<name>",
		`
[agents.clerk]
component = "guests/clerk.spear"
guest = "clerk"
max_running = 20
max_input_bytes = 65_536
`,
	],
	[
		"clients.<name>",
		`
[clients.shop]
key_env = "SHOP_KEY"                     # or key_file = "/run/secrets/shop"
guest = "shop"
operations = ["chat_completions"]
models = ["small", "text-*"]
agents = ["clerk"]

[clients.batch]
key_sha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
`,
	],
	[
		"cluster",
		`
[cluster]
url = "rediss://redis.example.com:6379/0"
sentinels = ["sentinel-1.example.com:26379", "sentinel-2.example.com:26379"]
sentinel_name = "mymaster"
user = "spear"
password_env = "SPEAR_REDIS_PASSWORD"    # or password_file = "/run/secrets/redis"
ca_file = "/etc/ssl/company.pem"
prefix = "production"
host = "host-1"
timeout_ms = 500
content = "sealed"
content_key_env = "SPEAR_CONTENT_KEY"    # or content_key_file = "/run/secrets/content"
replicas = 1

[cluster.unreachable]
money = "refuse"
`,
	],
	[
		"cluster.unreachable",
		`
[cluster]
url = "redis://redis.example.com:6379"

[cluster.unreachable]
requests = "allow"
tokens = "local_share"
money = "refuse"
concurrency = "local_share"
`,
	],
	[
		"runs",
		`
[runs]
worker_runs = 32
max_attempts = 5
keep_s = 604_800
max_pending = 50_000
max_event_bytes = 4_194_304
`,
	],
]);
