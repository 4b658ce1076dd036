import { readFileSync } from "node:fs";
import { parse } from "smol-toml";
import { test } from "uvu";
import * as assert from "uvu/assert";
import schema from "../../generated/schema/config.schema.json" with { type: "json" };
import { EXAMPLES } from "../../scripts/config-page/examples.ts";
import { configPage } from "../../scripts/config-page/page.ts";
import { type ConfigTable, configTables } from "../../scripts/config-page/tables.ts";
import { CONFIG_PAGE_FILE, currentConfigPage } from "../../scripts/write-config-page.ts";
import { settingsFrom } from "../helpers/config.ts";

const TABLES = configTables(schema);

/** Tables that examples refer to by name. */
const REFERRED: Readonly<Record<string, string>> = {
	"[backends.main]": 'kind = "stub"',
	"[backends.spare]": 'kind = "stub"',
	"[backends.old]": 'kind = "stub"',
	"[backends.trial]": 'kind = "stub"',
	"[mcp.servers.files]": 'command = "files"\nallowed_tools = ["*"]',
	"[agents.clerk]": 'component = "clerk.spear"',
	"[clients.shop]": 'key_env = "SHOP_KEY"',
	"[cluster]": 'url = "redis://127.0.0.1:6379"',
};

/** Keys that the example of a table leaves out, because they exclude another of its keys. */
const EXCLUDED: Readonly<Record<string, readonly string[]>> = {
	host: ["seal_key_file"],
	"routes.<operation>.hedge": ["delay_ms"],
	server: ["admin_key_file"],
	"clients.<name>": ["key_file"],
	cluster: ["password_file", "content_key_file"],
	media: ["s3"],
	"media.s3": ["access_key_file", "secret_key_file"],
};

test("the page of spear.toml in the repository is that of the schema", () => {
	assert.is(readFileSync(CONFIG_PAGE_FILE, "utf8"), currentConfigPage());
});

test("the page has each key of each table of the schema", () => {
	const page = currentConfigPage();
	const named = new Set<string>();
	const collect = (value: unknown): void => {
		if (typeof value !== "object" || value === null) return;
		for (const [key, member] of Object.entries(value)) {
			if (key === "properties") for (const name of Object.keys(member)) named.add(name);
			collect(member);
		}
	};
	collect(schema);
	assert.ok(named.size > 150, `${named.size} keys`);
	const tables = new Set(Object.keys(schema.properties).concat("servers"));
	for (const name of named) if (!tables.has(name)) assert.ok(page.includes(`\n| \`${name}\` |`), name);
});

for (const { path, keys } of TABLES) {
	const example = EXAMPLES.get(path) ?? "";

	test(`the example of ${path} is accepted by the host`, () => {
		const referred = Object.entries(REFERRED).flatMap(([table, body]) => (example.includes(`\n${table}\n`) ? [] : [`${table}\n${body}`]));
		settingsFrom(`${referred.join("\n")}\n${example}`);
	});

	test(`the example of ${path} has each of its keys`, () => {
		const missing = keys.filter(({ name }) => !EXCLUDED[path]?.includes(name) && !hasKey(parse(example), name)).map(({ name }) => name);
		assert.equal(missing, []);
	});
}

/** Returns true if a value has a key anywhere inside. */
function hasKey(value: unknown, name: string): boolean {
	if (typeof value !== "object" || value === null) return false;
	return Object.hasOwn(value, name) || Object.values(value).some((member) => hasKey(member, name));
}

test("types, defaults and bounds are in words", () => {
	const rowOf = (path: string, name: string): Partial<ConfigTable["keys"][number]> =>
		TABLES.find((table) => table.path === path)?.keys.find((key) => key.name === name) ?? {};
	const shown = (path: string, name: string): unknown[] => {
		const { type, fallback, bounds, isRequired } = rowOf(path, name);
		return [type, fallback, bounds, isRequired];
	};
	assert.equal(shown("host", "timeout_ms"), ["integer", "120_000", "1 to 3,600,000", false]);
	assert.equal(shown("backends.<name>", "kind"), ["text", undefined, "", true]);
	assert.equal(shown("backends.<name>", "models"), ["list of texts or tables", undefined, "", false]);
	assert.equal(shown("routes.<operation>.hedge", "quantile"), ["number", undefined, "above 0, at most 0.999", false]);
	assert.equal(shown("guests.<name>.budget", "per"), ["text", undefined, "`hour`, `day`, `month`", true]);
	assert.equal(shown("server", "cors_origins")[2], "at most 100 in the list; `*`, or an origin such as `https://example.com`");
	assert.equal(shown("backends.<name>", "api_key_env")[0], "text or list of texts");
});

test("a table without an example, and an example without a table, are errors", () => {
	assert.throws(() => configPage(TABLES, new Map(), "# Title"), "the table host has no example");
	assert.throws(
		() => configPage(TABLES, new Map([...EXAMPLES, ["hots", ""]]), "# Title"),
		"no table of the schema has the example of hots",
	);
});

test.run();
