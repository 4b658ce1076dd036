/**
 * Three hosts and a store with one command, on loopback:
 *
 *     node start.js                          starts a redis-server or valkey-server that is installed
 *     node start.js --store redis://…        uses a server of yours; SPEAR_REDIS_PASSWORD: the password of its user `spear`
 *     node start.js --port 9000              the first of three ports; the default is 8787; 0: free ones
 *     node start.js --no-traffic --json      sends nothing; prints the addresses as a line of JSON
 *
 * Ctrl-C ends everything.
 */
import { randomBytes } from "node:crypto";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { parseArgs } from "node:util";
import { startHost } from "./host.js";
import { NO_STORE, startStore, storeProgram } from "./store.js";
import { sendTraffic } from "./traffic.js";

const HOSTS = 3;

const { values: options } = parseArgs({
	options: {
		store: { type: "string" },
		port: { type: "string", default: "8787" },
		traffic: { type: "boolean", default: true },
		json: { type: "boolean", default: false },
	},
	allowNegative: true,
});
const firstPort = Number(options.port);
if (!Number.isInteger(firstPort) || firstPort < 0 || firstPort > 65_535 - HOSTS) fail("--port must be a whole number from 0 to 65,532");

const program = storeProgram();
if (options.store === undefined && program === undefined) fail(NO_STORE);

const secret = () => randomBytes(24).toString("hex");
const keys = { SPEAR_ADMIN_KEY: secret(), SPEAR_KEY_SHOP: secret(), SPEAR_CONTENT_KEY: secret() };
const password = options.store === undefined ? secret() : process.env.SPEAR_REDIS_PASSWORD;
const env = { ...process.env, ...keys, ...(password === undefined ? {} : { SPEAR_REDIS_PASSWORD: password }) };

const folder = mkdtempSync(join(tmpdir(), "spear-cluster-"));
const stopped = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"])
	process.on(signal, () => {
		// The second one ends everything at once.
		if (stopped.signal.aborted) process.exit(1);
		stopped.abort();
	});

/** Processes to end, the first one last. */
const started = [];
try {
	await run();
} catch (thrown) {
	console.error(`cluster: ${thrown instanceof Error ? thrown.message : thrown}`);
	process.exitCode = 1;
} finally {
	const [store, ...hosts] = started;
	await Promise.all(hosts.map((host) => host.stop()));
	await store?.stop();
	rmSync(folder, { recursive: true, force: true });
}

async function run() {
	const store = await ownStore();
	started.push(store);
	const config = writeConfig(store.url);
	const starts = Array.from({ length: HOSTS }, (_, index) =>
		startHost({ config, folder, env, port: firstPort === 0 ? 0 : firstPort + index, log: join(folder, `host-${index + 1}.log`) }),
	);
	for (const outcome of await Promise.allSettled(starts)) if (outcome.status === "fulfilled") started.push(outcome.value);
	const hosts = await Promise.all(starts);
	const urls = hosts.map(({ url }) => url);
	if (options.json) console.log(JSON.stringify({ store: store.url, urls, config, ...keys }));
	else console.log(welcome(store, hosts, config));
	for (const { name, ended } of started)
		ended?.then((why) => {
			if (!stopped.signal.aborted) console.error(`${name} has ended: ${why}`);
		});
	await (options.traffic
		? sendTraffic(urls, keys.SPEAR_KEY_SHOP, stopped.signal, (line) => options.json || console.log(line))
		: untilStopped());
}

/** Starts a store, or stands for that of the user. */
async function ownStore() {
	if (options.store === undefined)
		return startStore({ program, folder, passwords: { SPEAR_REDIS_PASSWORD: password, SPEAR_OPERATOR_PASSWORD: secret() } });
	return { name: "the store", url: options.store, stop: async () => {} };
}

/** Writes the configuration of all hosts, with the address of the store. Returns its path. */
function writeConfig(url) {
	cpSync(join(import.meta.dirname, "agent.wasm"), join(folder, "agent.wasm"));
	const text = readFileSync(join(import.meta.dirname, "spear.toml"), "utf8")
		.replace("#:schema ../../src/config/spear.schema.json\n", "")
		.replace(/^url = .*$/m, () => `url = ${JSON.stringify(url)}`);
	const file = join(folder, "spear.toml");
	writeFileSync(file, password === undefined ? text.replace(/^(?:user|password_env) = .*\n/gm, "") : text);
	return file;
}

function welcome(store, hosts, config) {
	const [first] = hosts;
	return `${HOSTS} hosts share the store ${store.url}${processOf(store)}:

${hosts.map((host) => `  ${host.url}/${processOf(host)}`).join("\n")}

Each shows the page. View "Hosts" has all of them. Key of the page and the admin API:

  ${keys.SPEAR_ADMIN_KEY}

Key of the client "shop":

  ${keys.SPEAR_KEY_SHOP}

Submit a run:    curl ${first.url}/agents/greeter/runs -H "authorization: Bearer ${keys.SPEAR_KEY_SHOP}" -d ''
Configuration:   ${config}
Logs:            ${join(folder, "host-1.log")}, …

Ctrl-C ends everything.
`;
}

function processOf({ pid }) {
	return pid === undefined ? "" : `   process ${pid}`;
}

function untilStopped() {
	return new Promise((resolve) => stopped.signal.addEventListener("abort", resolve, { once: true }));
}

function fail(message) {
	console.error(`cluster: ${message}`);
	process.exit(2);
}
