/**
 * Returns the text of a first `spear.toml`. Lines of prose begin with `# `. Lines to uncomment begin with `#` alone.
 *
 * @param schema Path or URL of the schema, for editors.
 */
export function firstConfig(schema: string): string {
	return `#:schema ${schema}

# Configuration of Spear Hostcall. As it is, no key and no network are needed: the models of this machine answer, and a stub with made-up
# content answers where there is none. \`spear backends\` shows which. To change a setting, remove the # before its line and before the line of
# its table. \`spear check\` names every fault, and \`spear check --live\` asks each backend.

#[host]
#log_level = "info"          # trace, debug, info, warn, error or silent
#timeout_ms = 120_000        # longest call

# A backend is an upstream. This file holds the names of variables and files, never keys.

#[backends.main]
#kind = "openai-compatible"  # any server with OpenAI's API; presets: options = { preset = "mistral" }
#base_url = "https://api.example.com/v1"
#api_key_env = "MAIN_API_KEY"
#models = ["small", { name = "large", upstream = "large-2026-05", aliases = ["best"] }]

#[backends.claude]
#kind = "anthropic"
#api_key_file = "/run/secrets/anthropic-key"
#models = [{ name = "large", upstream = "claude-sonnet-5-5" }]

#[backends.ollama]
#kind = "ollama"             # a server on this machine
#priority = 1                # serves if the backends above cannot

# Rules of an operation.

#[routes.chat_completions]
#policy = "ewma_latency"
#first_event_timeout_ms = 20_000
#hedge = { quantile = 0.95, budget_percent = 5 }

# The server of \`spear serve\`: an OpenAI-compatible API, agents over HTTP, and a page. Without clients it needs no key, and listens on this machine only.

#[server]
#port = 8787
#admin_key_env = "SPEAR_ADMIN_KEY"   # for the page, \`spear top\` and /metrics

#[clients.web]
#key_env = "SPEAR_KEY_WEB"
#operations = ["chat_completions"]

#[agents.stock]                      # POST /agents/stock/run
#component = "stock.wasm"

# Limits of guests, which are agents and clients by their names. "*" holds for each guest without a table of its own.

#[guests."*"]
#requests_per_minute = 120
#run_timeout_ms = 60_000
#budget = { amount = 2.5, per = "day" }
`;
}
