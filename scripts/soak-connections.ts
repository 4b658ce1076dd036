/**
 * `npm run soak:connections`: active load on `spear serve` beside many idle connections, and then beside many slow readers of long streams. Prints the
 * latencies of the load before and meanwhile, and the memory of the server.
 *
 *     npm run soak:connections -- [--idle 10000] [--slow 1000] [--clients 20] [--seconds 10] [--from dist|src]
 *
 * Needs as many open files (`ulimit -n`) as connections, and some.
 */
import "./require-node.ts";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Pool } from "undici";
import { quantile } from "./serve-bench/rounds.ts";
import { HeldConnections } from "./serve-soak/held-connections.ts";
import { Load } from "./serve-soak/load.ts";
import type { Ended } from "./serve-soak/request.ts";
import { SoakServer } from "./serve-soak/server.ts";
import { Upstream } from "./serve-soak/upstreams.ts";

const { values } = parseArgs({
	options: {
		idle: { type: "string", default: "10000" },
		slow: { type: "string", default: "1000" },
		clients: { type: "string", default: "20" },
		seconds: { type: "string", default: "10" },
		from: { type: "string", default: "dist" },
	},
});
const [idle, slow, clients, seconds] = [Number(values.idle), Number(values.slow), Number(values.clients), Number(values.seconds)];

const MB = 2 ** 20;
const root = fileURLToPath(new URL("..", import.meta.url));
if (values.from === "dist") {
	const { status } = spawnSync(process.execPath, ["scripts/build.ts"], { cwd: root, stdio: ["ignore", 2, 2] });
	if (status !== 0) process.exit(1);
}
const program = join(root, values.from === "dist" ? "dist/src/cli/main.js" : "src/cli/main.ts");
const work = mkdtempSync(join(tmpdir(), "soak-connections-"));
const upstreams = [await Upstream.start("one"), await Upstream.start("two")];
const server = await SoakServer.start(program, work, upstreams, `max_connections = ${idle + slow + 1_000}`);
const [key = ""] = server.keys;
const pool = new Pool(server.origin, { allowH2: false, headersTimeout: 0, bodyTimeout: 0 });
const faults: string[] = [];
try {
	const load = new Load(
		Array.from({ length: clients }, () => ({ pool, key })),
		50,
	);
	load.start();
	await sleep(3_000);
	console.log(`${clients} active clients; load of the machine ${loadavg()[0]?.toFixed(1)}\n`);
	console.log("beside                       requests   p50 ms   p99 ms   rss MB   heap MB   connections closed by the server");
	await row("nothing", load);
	const idleConnections = new HeldConnections();
	await idleConnections.idle(server.origin, idle);
	await row(`${idle} idle connections`, load, idleConnections);
	idleConnections.close();
	const readers = new HeldConnections();
	await readers.slowReaders(server.origin, key, slow);
	await row(`${slow} slow readers`, load, readers);
	const sent = (await Promise.all(upstreams.map((upstream) => upstream.sent()))).reduce((sum, characters) => sum + characters, 0);
	console.log(`  of which the upstreams sent ${(sent / MB).toFixed(0)} MB of text`);
	readers.close();
	await sleep(2_000);
	await row("nothing again", load);
	await load.stop();
	const left = await server.inFlight();
	if (left > 0) faults.push(`${left} requests are in flight after all have gone`);
} finally {
	await pool.destroy();
	await server.process.stop();
	for (const upstream of upstreams) upstream.stop();
	rmSync(work, { recursive: true, force: true });
}
for (const fault of faults) console.error(fault);
process.exitCode = faults.length === 0 ? 0 : 1;

async function row(name: string, load: Load, held?: HeldConnections): Promise<void> {
	load.take();
	await sleep(seconds * 1_000);
	const ended: readonly Ended[] = load.take();
	const bad = ended.filter(({ outcome }) => outcome.type !== "whole");
	if (bad.length > 0) faults.push(`beside ${name}, ${bad.length} of ${ended.length} requests failed: ${JSON.stringify(bad[0]?.outcome)}`);
	const times = ended.map(({ ms }) => ms);
	const { rss, heap } = await server.memory();
	console.log(
		`${name.padEnd(26)}${String(ended.length).padStart(11)}${quantile(times, 0.5).toFixed(1).padStart(9)}${quantile(times, 0.99).toFixed(1).padStart(9)}${(rss / MB).toFixed(0).padStart(9)}${(heap / MB).toFixed(0).padStart(10)}   ${held === undefined ? "" : held.closed}`,
	);
}
