import type { AdminClient, DecisionQuery } from "../../admin-client/admin-client.ts";
import { AdminError } from "../../admin-client/admin-error.ts";
import type { DecisionSummary } from "../../serve/admin/api.ts";
import { pause } from "./pause.ts";

/** Shortest time between two requests to the server, in milliseconds. */
const PAUSE_MS = 250;

/** Most decisions that one request returns. */
const MAX_PAGE = 500;

export interface FollowOptions {
	readonly admin: AdminClient;
	readonly query: DecisionQuery;
	/** Number of decisions before now that are printed first. */
	readonly last: number;
	/** Ends the command. */
	readonly signal: AbortSignal;
	readonly print: (decision: DecisionSummary) => void;
	/** Receives what the user should know besides. */
	readonly note: (text: string) => void;
}

/**
 * Prints decisions as they end, until the signal is aborted. The events of the server say when; the decisions themselves are asked for, because only the
 * server can apply every filter. Continues when the server has restarted.
 *
 * @throws AdminError for a failure that another try does not mend.
 */
export async function followDecisions({ admin, query, last, signal, print, note }: FollowOptions): Promise<void> {
	let latest = 0;
	const printNew = async (limit: number): Promise<void> => {
		const { decisions } = await admin.decisions({ ...query, limit }, { signal });
		const [newest] = decisions;
		// The numbers of a server that has restarted begin again.
		if (newest !== undefined && newest.sequence < latest) latest = 0;
		const added = decisions.filter(({ sequence }) => sequence > latest);
		if (latest > 0 && added.length === MAX_PAGE) note("there were more decisions than can be shown; some are left out");
		for (const decision of added.reverse()) print(decision);
		latest = Math.max(latest, newest?.sequence ?? 0);
	};
	let isLost = false;
	const events = admin.events({
		signal,
		types: ["decision"],
		onConnection: (state, reason) => {
			if (state === "lost" && !isLost) note(`${reason?.message ?? "the connection was closed"}; trying again`);
			isLost = state === "lost";
		},
	});
	await printNew(Math.min(MAX_PAGE, last));
	let asking: Promise<void> | undefined;
	let isDue = false;
	let failure: unknown;
	const ask = async (): Promise<void> => {
		do {
			isDue = false;
			await printNew(MAX_PAGE).catch((thrown: unknown) => {
				// The events come again when the server does.
				if (!(thrown instanceof AdminError && thrown.retryable) && !signal.aborted) failure = thrown;
			});
			await pause(PAUSE_MS, signal);
		} while (isDue && failure === undefined && !signal.aborted);
		asking = undefined;
	};
	for await (const _ of events) {
		isDue = true;
		asking ??= ask();
		if (failure !== undefined) throw failure;
	}
	await asking;
}
