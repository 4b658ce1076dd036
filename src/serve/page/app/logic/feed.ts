import type { AdminEvent, DecisionSummary } from "../../../admin/api.ts";
import { CHANGE_WORDS, ERROR_WORDS, guestName, inWords } from "./words.ts";

/** An item of the list of latest failures and changes. */
export interface FeedItem {
	readonly key: string;
	readonly atMs: number;
	readonly tone: "good" | "bad" | "notice";
	readonly title: string;
	readonly detail: string;
	/** Id of the decision that explains the item. */
	readonly decisionId?: string;
}

const GOOD_CHANGES: readonly string[] = ["recovered", "enabled", "drain_ended"];
const BAD_CHANGES: readonly string[] = ["breaker_opened", "ejected", "key_rejected"];

/** Returns the item of a failed request. `undefined` for any other. */
export function failureItem(decision: DecisionSummary): FeedItem | undefined {
	const { status, error, id, ended_at_ms, operation, guest, backend, sequence } = decision;
	if (status !== "failed") return undefined;
	const code = error === undefined ? "failed" : ERROR_WORDS[error.code];
	const place = backend === undefined ? "" : ` at ${backend}`;
	return {
		key: `decision ${sequence}`,
		atMs: ended_at_ms,
		tone: "bad",
		title: `${inWords(operation)} of ${guestName(guest)} failed${place}: ${code}`,
		detail: error?.message ?? "",
		decisionId: id,
	};
}

/** Returns the item of an event. `undefined` for one that the list does not show. */
export function itemOf(event: AdminEvent): FeedItem | undefined {
	switch (event.type) {
		case "decision":
			return failureItem(event.decision);
		case "backend": {
			const { at_ms, backend, operation, change, detail, decision_id } = event;
			const what = operation === undefined ? "" : ` (${inWords(operation)})`;
			return {
				key: `backend ${at_ms} ${backend} ${operation} ${change}`,
				atMs: at_ms,
				tone: GOOD_CHANGES.includes(change) ? "good" : BAD_CHANGES.includes(change) ? "bad" : "notice",
				title: `${backend}${what}: ${CHANGE_WORDS[change]}`,
				detail: detail ?? "",
				...(decision_id === undefined ? {} : { decisionId: decision_id }),
			};
		}
		case "reload":
			return { key: `reload ${event.at_ms}`, atMs: event.at_ms, tone: "notice", title: "configuration reloaded", detail: "" };
		case "gap":
			return {
				key: `gap ${event.at_ms}`,
				atMs: event.at_ms,
				tone: "notice",
				title: "events were lost",
				detail: event.missed === undefined ? "" : `${event.missed} events`,
			};
	}
}

/** Returns the list with newer items in front, each once, of at most `limit`. */
export function mergeFeed(list: readonly FeedItem[], newer: readonly FeedItem[], limit: number): readonly FeedItem[] {
	if (newer.length === 0) return list;
	const byKey = new Map([...list, ...newer].map((item) => [item.key, item]));
	return [...byKey.values()].sort((a, b) => b.atMs - a.atMs).slice(0, limit);
}
