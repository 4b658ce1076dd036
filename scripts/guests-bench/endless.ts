import { type Agent, createHost, GuestError, SpearError } from "../../src/index.ts";
import { ENDLESS_MEMORY, endlessGuest, endlessRealloc } from "../../test/helpers/endless-guest.ts";
import { blockText, watchLoop } from "./loop-watch.ts";
import type { Row } from "./table.ts";

const LIMIT_MS = 500;

const STOPS = {
	deadline: (agent: Agent, job: string) => agent.run(job, { timeoutMs: LIMIT_MS }),
	"CPU budget": (agent: Agent, job: string) => agent.run(job, { cpuMs: LIMIT_MS / 5 }),
	abort: (agent: Agent, job: string) => agent.run(job, { signal: AbortSignal.timeout(LIMIT_MS) }),
} as const;

const JOBS: readonly (readonly [job: string, goal: string])[] = [
	["compute", "<= 20 ms"],
	["recurse", "<= 20 ms"],
	["regexp", "<= 20 ms"],
	// Its memory grows by 80 MB, and the numbers are copied, by one instruction each.
	["sort", "<= 200 ms"],
	["sort by a function", "<= 20 ms"],
	["cheap hostcall", "<= 20 ms"],
	["one long instruction", "<= 200 ms"],
];

/** Stops guests that never end, in each way. Returns a row for each. */
export async function endless(): Promise<Row[]> {
	const host = await createHost({
		config: { host: { log_level: "silent", max_memory_bytes: ENDLESS_MEMORY, max_total_memory_bytes: 4 * ENDLESS_MEMORY } },
		env: {},
	});
	const rows: Row[] = [];
	try {
		const agent = await host.load((await endlessGuest()).prepared);
		// Code that is compiled for the first time is no block of the guest's.
		for (const [job] of JOBS) await endOf(agent.run(job, { timeoutMs: 100 }));
		for (const [job, goal] of JOBS) for (const name of stopNames()) rows.push(await row(job, name, goal, () => STOPS[name](agent, job)));
		const reallocs = await host.load(await endlessRealloc());
		for (const name of stopNames()) rows.push(await row("realloc", name, "<= 20 ms", () => STOPS[name](reallocs, "x")));
		rows.push(
			await row("compute, while another waits", "deadline", "<= 20 ms", async () => {
				const stopped = STOPS.deadline(agent, "compute");
				// The stub answers at once. The guest waits for the turns between.
				const waited = await agent.run("ask");
				return stopped.catch((error: unknown) =>
					Promise.reject(waited === "stub: you said hello" ? error : new Error(`the other got ${waited}`)),
				);
			}),
		);
	} finally {
		await host.close();
	}
	return rows;
}

function stopNames(): readonly (keyof typeof STOPS)[] {
	return ["deadline", "CPU budget", "abort"];
}

async function row(job: string, stop: string, goal: string, run: () => Promise<string>): Promise<Row> {
	const start = performance.now();
	const unwatch = watchLoop();
	const end = await endOf(run());
	const ms = performance.now() - start;
	return {
		name: `${job}: ${stop}`,
		goal: `block ${goal}`,
		figure: `${blockText(unwatch()).padEnd(22)} ended after ${ms.toFixed(0)} ms: ${end}`,
	};
}

async function endOf(run: Promise<string>): Promise<string> {
	return run.then(
		(output) => `answered "${output}"`,
		(error: unknown) => {
			if (error instanceof SpearError) return `SpearError ${error.code}`;
			return error instanceof GuestError ? `GuestError ${error.failure}` : String(error);
		},
	);
}
