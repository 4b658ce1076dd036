import process from "node:process";
import type { FollowedStep } from "../../cluster/follow/step-reader.ts";
import type { RunState } from "../../cluster/runs.ts";
import { SpearError } from "../../errors/spear-error.ts";
import { printable } from "../../formats/printable.ts";
import type { Host } from "../../host/host.ts";
import type { RunDetails, RunInfo } from "../../host/runs/run-info.ts";
import { aligned } from "../aligned.ts";
import { EXIT } from "../exit-codes.ts";
import { jsonLine } from "../json-line.ts";
import { reportError } from "../report-error.ts";
import { StandardOutput } from "../run-printer/standard-output.ts";
import { printToStderr } from "../terminal.ts";
import { printUnknown, type QueueCommand, withHost } from "./with-host.ts";

export interface ListCommand extends QueueCommand {
	readonly state?: RunState;
	readonly guest?: string;
	readonly limit?: number;
}

export interface EventsCommand extends QueueCommand {
	readonly follow?: boolean;
	/** Cursor of the last step that the caller has. */
	readonly after?: string;
}

/** Runs `spear runs list`. */
export function listRuns(agent: string | undefined, command: ListCommand): Promise<number> {
	return withHost("spear runs", command, async ({ host }) => {
		const agents = agent === undefined ? [...host.serving().agents.keys()] : [agent];
		if (agents.length === 0) throw new SpearError("invalid_request", "the configuration has no agents; name one: spear runs list <agent>");
		const { state, guest, limit: most = 20 } = command;
		const options = { most, ...(state === undefined ? {} : { states: [state] }), ...(guest === undefined ? {} : { guest }) };
		const lists = await Promise.all(agents.map((name) => host.runs.list(name, options)));
		const found = lists.flat().sort((a, b) => b.submittedAtMs - a.submittedAtMs);
		const runs = found.slice(0, most);
		if (command.json) for (const run of runs) process.stdout.write(jsonLine(run));
		else process.stdout.write(printable(await overview(host, agents, runs)));
		return EXIT.ok;
	});
}

/** Runs `spear runs show`. */
export function showRun(id: string, command: QueueCommand): Promise<number> {
	return withHost("spear runs", command, async ({ host }) => {
		const run = await host.runs.status(id);
		if (run === undefined) return printUnknown(id, command);
		process.stdout.write(command.json ? jsonLine(jsonOf(run)) : printable(pageOf(run)));
		return EXIT.ok;
	});
}

/** Runs `spear runs events`. */
export function printEvents(id: string, command: EventsCommand): Promise<number> {
	return withHost("spear runs", command, async ({ host, signal }) => {
		if ((await host.runs.status(id)) === undefined) return printUnknown(id, command);
		using standardOutput = new StandardOutput();
		const { after = "", follow, json } = command;
		for await (const step of follow ? host.runs.events(id, { after, signal }) : storedSteps(host, id, after)) {
			const isLine = json || step.event.type !== "text";
			if (isLine && !json) printToStderr(`spear: ${noteOf(step)}\n`);
			else if (!(await standardOutput.write(json ? jsonLine(step) : textOf(step), signal))) break;
		}
		return EXIT.ok;
	});
}

/** Runs `spear runs cancel`. */
export function cancelRun(id: string, command: QueueCommand): Promise<number> {
	return withHost("spear runs", command, async ({ host }) => {
		const before = await host.runs.cancel(id);
		if (before === undefined) return printUnknown(id, command);
		if (command.json) process.stdout.write(jsonLine({ ok: true, id, state_before: before }));
		else
			process.stdout.write(
				`${before === "running" ? "its worker ends the run" : isEnded(before) ? `the run had ended: ${before}` : "cancelled"}\n`,
			);
		return EXIT.ok;
	});
}

/** Runs `spear runs retry`. Exits with 1 for a run that is not poisoned. */
export function retryRun(id: string, command: QueueCommand): Promise<number> {
	return withHost("spear runs", command, async ({ host }) => {
		if (await host.runs.retry(id)) {
			process.stdout.write(command.json ? jsonLine({ ok: true, id }) : "queued again, with all attempts\n");
			return EXIT.ok;
		}
		const run = await host.runs.status(id);
		if (run === undefined) return printUnknown(id, command);
		const message = `the run is ${run.state}; only poisoned runs can be retried`;
		if (command.json) process.stdout.write(jsonLine({ ok: false, error: { code: "invalid_request", message } }));
		else printToStderr(`spear: ${message}\n`);
		return EXIT.failed;
	});
}

async function* storedSteps(host: Host, id: string, after: string): AsyncGenerator<FollowedStep, void, void> {
	for (let from = after; ; ) {
		const { steps, cursor } = await host.runs.steps(id, from);
		yield* steps;
		if (steps.length === 0 || cursor === from) return;
		from = cursor;
	}
}

async function overview(host: Host, agents: readonly string[], runs: readonly RunInfo[]): Promise<string> {
	const counts = await host.runs.counts(agents);
	const sums = agents.map((agent, index) => {
		const { waiting = 0, running = 0, poisoned = 0, oldestMs = 0 } = counts[index] ?? {};
		return [
			agent,
			`${waiting} waiting`,
			`${running} running`,
			`${poisoned} poisoned`,
			oldestMs === 0 ? "" : `oldest waits ${seconds(oldestMs)}`,
		];
	});
	const rows = runs.map(({ id, state, attempt, maxAttempts, guest = "", submittedAtMs, worker = "" }) => [
		id,
		state,
		`${attempt}/${maxAttempts}`,
		new Date(submittedAtMs).toISOString(),
		guest,
		worker,
	]);
	const head = ["RUN", "STATE", "ATTEMPT", "SUBMITTED", "GUEST", "WORKER"];
	return `${aligned(sums)}${rows.length === 0 ? "" : `\n${aligned([head, ...rows])}`}`;
}

function pageOf(run: RunDetails): string {
	const at = (ms: number | undefined): string => (ms === undefined ? "" : new Date(ms).toISOString());
	const rows: [string, string][] = [
		["run", run.id],
		["agent", run.agent],
		["guest", run.guest ?? ""],
		["state", run.cancelRequested && run.endedAtMs === undefined ? `${run.state}, to be cancelled` : run.state],
		["attempt", `${run.attempt} of ${run.maxAttempts}`],
		["priority", `${run.priority}`],
		["submitted", at(run.submittedAtMs)],
		["started", at(run.startedAtMs)],
		["ended", at(run.endedAtMs)],
		["worker", run.worker ?? ""],
		["duration", run.durationMs === undefined ? "" : seconds(run.durationMs)],
		["error", run.error === undefined ? "" : reportError(run.error, "run").text],
	];
	const known = aligned(rows.filter(([, value]) => value !== ""));
	return run.answer === undefined ? known : `${known}\n${run.answer}${run.answer.endsWith("\n") ? "" : "\n"}`;
}

function jsonOf({ error, ...run }: RunDetails): object {
	return { ...run, ...(error === undefined ? {} : { error: reportError(error, "run").json }) };
}

function textOf({ event }: FollowedStep): string {
	return event.type === "text" ? printable(event.text) : "";
}

function noteOf({ event, attempt }: FollowedStep): string {
	if (event.type === "event") return `event ${event.name} ${JSON.stringify(event.data)}`;
	return event.type === "attempt" ? `attempt ${attempt} begins: ${event.reason}` : "output before this is kept no longer";
}

function isEnded(state: RunState): boolean {
	return state !== "delayed" && state !== "queued" && state !== "running";
}

function seconds(ms: number): string {
	return `${(ms / 1_000).toFixed(1)} s`;
}
