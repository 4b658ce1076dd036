/** Calls of every room of a shared store, for tests that hold for all of them. */
import { newRunId } from "../../src/cluster/run-id.ts";
import type { RunToken } from "../../src/cluster/runs.ts";
import type { SharedStore } from "../../src/cluster/shared-store.ts";

export interface RoomCall {
	readonly room: "limits" | "hints" | "members" | "objects" | "blocks" | "runs";
	readonly name: string;
	run(): Promise<unknown>;
}

const ID = "a".repeat(32);
const INSTANCE = "b".repeat(16);
const NOTHING = { want: 0, atLeast: 0, isWaiting: false, unused: 0, owed: 0, demand: 0, held: 0 };
const NEWS = [{ agent: "news", maxRunning: 10, most: 10 }] as const;
const MINUTE = 60_000;

/**
 * Returns the calls in an order in which each finds what an earlier one has stored. The guest is `alice`, the agent is `news`.
 *
 * @param marker Text of all contents.
 */
export function everyCall({ limits, hints, members, objects, blocks, runs }: SharedStore, marker = "content"): readonly RoomCall[] {
	const content = Buffer.from(marker);
	const ids = { done: newRunId("news"), later: newRunId("news"), waiting: newRunId("news") };
	let taken: RunToken = { id: ids.done, token: "none", attempt: 1 };
	const use = { host: "north", leaseMs: MINUTE };
	const run = (id: string, change: object = {}) => ({
		...{ id, agent: "news", guest: "alice", weight: 1, input: content, priority: 5, delayMs: 0, maxAttempts: 1, keepMs: MINUTE },
		...{ maxPending: 100, maxEventBytes: 10_000, ...change },
	});
	const bucket = { bucket: "guest:alice:requests", owner: "guest:alice", capacity: 100, perMs: 0.1, ...NOTHING };
	const place = { name: "instance:a", owner: "instance:a", limit: 1, target: 1, isWaiting: true };
	const hint = {
		kind: "breaker_open",
		backend: "a",
		operation: "chat_completions",
		key: "",
		failures: 5,
		guests: "none",
		leftMs: MINUTE,
	} as const;
	const card = { name: "north", instance: INSTANCE, digest: "1".repeat(64), card: "a card", ttlMs: MINUTE };
	const of = (room: RoomCall["room"], calls: Readonly<Record<string, () => Promise<unknown>>>): RoomCall[] =>
		Object.entries(calls).map(([name, call]) => ({ room, name, run: call }));
	return [
		...of("limits", {
			exchange: () =>
				thrown(
					limits.exchange("north", [
						{ ...bucket, want: 10 },
						{ ...bucket, bucket: "guest:alice:money", perMs: 0, want: 1 },
					]),
				),
			exchangePlaces: () => thrown(limits.exchangePlaces("north", [place])),
			"exchangePlaces of another host": () => thrown(limits.exchangePlaces("south", [place])),
		}),
		...of("hints", { publish: () => hints.publish("north", [hint]), present: () => hints.present() }),
		...of("members", {
			renew: () => members.renew(card),
			hold: () => members.hold(INSTANCE, MINUTE),
			send: () => members.send(INSTANCE, "a message", MINUTE),
			"send again": () => members.send(INSTANCE, "another message", MINUTE),
			receive: () => members.receive("c".repeat(16)),
			list: () => members.list(),
			release: () => members.release("c".repeat(16)),
		}),
		...of("objects", {
			reserve: () =>
				objects.reserve("alice", {
					...{ id: ID, isFirst: true, bytes: 10, wantedBytes: 10, quotaBytes: 1_000, maxObjects: 100, leaseMs: MINUTE },
				}),
			commit: () => objects.commit("alice", { id: ID, size: 10, sha256: "0".repeat(64), mimeType: "text/plain", lifetimeMs: MINUTE }),
			find: () => objects.find("alice", ID, use),
			"reserve another": () =>
				objects.reserve("alice", {
					...{ id: "c".repeat(32), isFirst: true, bytes: 10, wantedBytes: 10, quotaBytes: 1_000, maxObjects: 100, leaseMs: MINUTE },
				}),
			"reserve a third": () =>
				objects.reserve("alice", {
					...{ id: "e".repeat(32), isFirst: true, bytes: 10, wantedBytes: 10, quotaBytes: 1_000, maxObjects: 100, leaseMs: MINUTE },
				}),
			renew: () => objects.renew("alice", { ...use, writing: ["c".repeat(32)], used: [ID] }),
			usedBy: () => objects.usedBy("alice"),
			"remove another": () => objects.remove("alice", "c".repeat(32), "north"),
			takeDue: () => objects.takeDue(10, MINUTE),
			forget: () => objects.forget("alice", [{ guest: "alice", id: "d".repeat(32), isComplete: true }]),
			release: () => objects.release("alice", [ID], "south"),
		}),
		...of("blocks", {
			write: () => blocks.write(ID, 0, content, MINUTE),
			"write another": () => blocks.write(ID, 1, content, MINUTE),
			read: () => blocks.read(ID, 0, 1_000),
			keep: () => blocks.keep(ID, 2, 2 * MINUTE),
		}),
		...of("runs", {
			submit: () => runs.submit(run(ids.done, { idempotencyKey: "once" })),
			"submit a delayed one": () => runs.submit(run(ids.later, { delayMs: MINUTE, deadlineMs: 2 * MINUTE })),
			async take() {
				const [first] = await runs.take("north", NEWS, 1, MINUTE);
				if (first !== undefined) taken = first;
				return first;
			},
			append: () => runs.append(taken, [content, content]),
			renew: () => runs.renew([taken], MINUTE),
			events: () => runs.events(taken.id, "", 10_000),
			finish: () => runs.finish(taken, { state: "completed", content }),
			status: () => runs.status(ids.done),
			"submit a third one": () => runs.submit(run(ids.waiting)),
			"take it": async () => {
				const [next] = await runs.take("north", NEWS, 1, MINUTE);
				if (next !== undefined) await runs.append(next, [content]);
				return next;
			},
			"submit a fourth one": () => runs.submit(run(newRunId("news"), { guest: "bob" })),
			list: () => runs.list("news", { most: 10 }),
			counts: () => runs.counts(["news"]),
			cancel: () => runs.cancel(newRunId("news")),
			retry: () => runs.retry(newRunId("news")),
		}),
	];
}

/** Throws the first failure among the answers. */
async function thrown(answers: Promise<readonly unknown[]>): Promise<readonly unknown[]> {
	for (const answer of await answers) if (answer instanceof Error) throw answer;
	return answers;
}
