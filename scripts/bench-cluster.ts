/**
 * `npm run bench:cluster`: hosts in processes of their own that share limits over a real server. A limit of 1,000 requests a second and a budget of
 * tokens, each under twice its load. Prints what was granted, the largest second, and the cost of a decision beside that of the store in the process,
 * which decides the same requests in turns.
 *
 *     npm run bench:cluster -- [--hosts 4] [--seconds 30] [--json]
 */
import "./require-node.ts";
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { parseArgs } from "node:util";
import { RedisServer } from "../test/helpers/redis-server.ts";
import { type LimitLoad, type LoadOutcome, largestSecond } from "./cluster-bench/load.ts";

const { values } = parseArgs({
	options: {
		hosts: { type: "string", default: "4" },
		seconds: { type: "string", default: "30" },
		json: { type: "boolean", default: false },
	},
});
const [hosts, seconds] = [Number(values.hosts), Number(values.seconds)];
const LIMIT = 1_000;
const TOKENS = 20_000 * seconds;
const AMOUNTS = [40, 160, 400, 200];

await using server = await RedisServer.start();
const children = await Promise.all(
	Array.from({ length: hosts }, async (_, index) => {
		const child = fork(new URL("./cluster-bench/host.ts", import.meta.url), [`host-${index}`, server.url], { execArgv: [] });
		await once(child, "message");
		return child;
	}),
);

function loads(durationMs: number): LimitLoad[] {
	const startAtMs = Date.now() + 500;
	const rate = { bucket: "guest:g:requests:second", capacity: LIMIT / 10, perMs: LIMIT / 1_000, unit: "requests" } as const;
	const budget = { bucket: "guest:g:tokens:day", capacity: TOKENS, perMs: 0, forgetAfterMs: 600_000, unit: "tokens" } as const;
	const mean = AMOUNTS.reduce((sum, each) => sum + each, 0) / AMOUNTS.length;
	return [
		{ charge: rate, amounts: [1], perSecond: (2 * LIMIT) / hosts, durationMs, startAtMs },
		{ charge: budget, amounts: AMOUNTS, perSecond: (2 * TOKENS) / (durationMs / 1_000) / mean / hosts, durationMs, startAtMs },
	];
}

async function run(child: ChildProcess, given: LimitLoad[]): Promise<LoadOutcome[]> {
	child.send({ loads: given });
	const [message] = await once(child, "message");
	return message.outcomes;
}

const given = loads(seconds * 1_000);
const shared = await Promise.all(children.map((child) => run(child, given)));
await Promise.all(
	children.map(async (child) => {
		const exit = once(child, "exit");
		child.disconnect();
		await exit;
	}),
);

const [requests, tokens] = [0, 1].map((index) => shared.flatMap((outcomes) => outcomes[index] ?? []));
const sum = (of: readonly LoadOutcome[] = []): number => of.reduce((total, { granted }) => total + granted, 0);
const mean = (each: readonly number[]): number => each.reduce((total, value) => total + value, 0) / each.length;
const result = {
	hosts,
	seconds,
	requests: { limit: LIMIT * seconds, granted: sum(requests), largestSecond: largestSecond(requests ?? []) },
	tokens: { limit: TOKENS, granted: sum(tokens) },
	immediate: mean(shared.flat().map(({ immediate }) => immediate)),
	p50Microseconds: {
		shared: mean(shared.flat().map(({ microseconds }) => microseconds.p50)),
		local: mean(shared.flat().map(({ besideMicroseconds }) => besideMicroseconds)),
	},
	byHost: requests?.map(({ granted }) => granted),
	longestStallMs: Math.max(...shared.flat().map(({ longestStallMs }) => longestStallMs)),
};
if (values.json) console.log(JSON.stringify(result));
else {
	const part = (granted: number, limit: number): string => `${granted} of ${limit} (${((100 * granted) / limit).toFixed(2)} %)`;
	console.log(`${hosts} hosts, ${seconds} seconds at twice the limits`);
	console.log(`requests granted     ${part(result.requests.granted, result.requests.limit)}; by host ${result.byHost?.join(", ")}`);
	console.log(`largest second       ${result.requests.largestSecond} (limit ${LIMIT}, bucket ${LIMIT / 10})`);
	console.log(`tokens granted       ${part(result.tokens.granted, TOKENS)}`);
	console.log(`decided at once      ${(100 * result.immediate).toFixed(2)} %`);
	console.log(
		`p50 of a decision    ${result.p50Microseconds.shared.toFixed(2)} µs; in the process ${result.p50Microseconds.local.toFixed(2)} µs`,
	);
	console.log(`longest stall        ${result.longestStallMs.toFixed(0)} ms of an event loop`);
}
