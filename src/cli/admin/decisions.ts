import process from "node:process";
import type { AdminClient, DecisionQuery } from "../../admin-client/admin-client.ts";
import { SpearError } from "../../errors/spear-error.ts";
import { printable } from "../../formats/printable.ts";
import type { DecisionStatus, DecisionSummary } from "../../serve/admin/api.ts";
import { EXIT } from "../exit-codes.ts";
import { explainDecision } from "../explain-decision.ts";
import { interruptSignal } from "../interrupt.ts";
import { jsonLine } from "../json-line.ts";
import { printToStderr } from "../terminal.ts";
import { type ConnectionOptions, connectionOf, printAdminFailure } from "./connection.ts";
import { decisionLine, explainable } from "./decision-line.ts";
import { followDecisions } from "./follow-decisions.ts";

/** Decisions that are printed without `--limit`. */
const DEFAULT_LIMIT = 20;

/** Most decisions of one page of the server. */
const MAX_PAGE = 500;

/** Options of `spear decisions`. */
export interface DecisionsCommand extends ConnectionOptions {
	readonly follow?: boolean;
	readonly operation?: string;
	readonly guest?: string;
	readonly backend?: string;
	readonly model?: string;
	readonly status?: DecisionStatus;
	readonly hedged?: boolean;
	readonly downgraded?: boolean;
	/** Only requests that ended in this time before now, in milliseconds. */
	readonly since?: number;
	readonly limit?: number;
}

/** Runs `spear decisions`: prints the last decisions of a running server, or one with its explanation. Returns the exit code. */
export async function decisions(id: string | undefined, command: DecisionsCommand): Promise<number> {
	const interrupt = interruptSignal();
	let address = "";
	try {
		const { admin, url } = await connectionOf(command);
		address = url;
		if (id !== undefined) return await printOne(admin, id, command);
		if (command.follow === true) {
			await followDecisions({
				admin,
				query: queryOf(command),
				last: command.limit ?? DEFAULT_LIMIT,
				signal: interrupt.signal,
				print: (decision) => print(decision, command),
				note: (text) => printToStderr(`spear: ${text}\n`),
			});
			return EXIT.interrupted;
		}
		for (const decision of (await lastDecisions(admin, command, interrupt.signal)).reverse()) print(decision, command);
		return EXIT.ok;
	} catch (thrown) {
		return printAdminFailure(thrown, address, command);
	} finally {
		interrupt.dispose();
	}
}

async function printOne(admin: AdminClient, id: string, command: DecisionsCommand): Promise<number> {
	if (command.follow === true) throw new SpearError("invalid_request", "--follow: one decision does not change; omit the id or the option");
	const decision = await admin.decision(id);
	const text = command.json ? jsonLine(decision) : `${decisionLine(decision)}\n${explainDecision(explainable(decision), decision.error)}\n`;
	process.stdout.write(command.json ? text : printable(text));
	return EXIT.ok;
}

/** Returns the last decisions, the newest first. */
async function lastDecisions(admin: AdminClient, command: DecisionsCommand, signal: AbortSignal): Promise<DecisionSummary[]> {
	const { limit = DEFAULT_LIMIT } = command;
	const found: DecisionSummary[] = [];
	let cursor: string | undefined;
	do {
		const more = cursor === undefined ? {} : { cursor };
		const page = await admin.decisions({ ...queryOf(command), ...more, limit: Math.min(MAX_PAGE, limit - found.length) }, { signal });
		found.push(...page.decisions);
		cursor = page.next_cursor;
	} while (cursor !== undefined && found.length < limit);
	return found;
}

function queryOf({ operation, guest, backend, model, status, hedged, downgraded, since }: DecisionsCommand): DecisionQuery {
	return {
		...(operation === undefined ? {} : { operation }),
		...(guest === undefined ? {} : { guest }),
		...(backend === undefined ? {} : { backend }),
		...(model === undefined ? {} : { model }),
		...(status === undefined ? {} : { status }),
		...(hedged === undefined ? {} : { hedged }),
		...(downgraded === undefined ? {} : { downgraded }),
		...(since === undefined ? {} : { since: Math.max(0, Date.now() - since) }),
	};
}

function print(decision: DecisionSummary, { json }: DecisionsCommand): void {
	process.stdout.write(json ? jsonLine(decision) : printable(`${decisionLine(decision)}\n`));
}
