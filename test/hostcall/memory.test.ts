import fc from "fast-check";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { SpearError } from "../../src/errors/spear-error.ts";
import { createCchat } from "../../src/hostcall/cchat.ts";
import { chargedPipeline } from "../../src/hostcall/charged-pipeline.ts";
import { GuestHandles } from "../../src/hostcall/guest-handles.ts";
import { createMedia } from "../../src/hostcall/media.ts";
import { createRt } from "../../src/hostcall/rt.ts";
import type { GuestScope } from "../../src/hostcall/scope.ts";
import { MemoryAccount } from "../../src/memory/memory-account.ts";
import { TotalMemory } from "../../src/memory/total-memory.ts";
import { chatRequest, message } from "../helpers/chat.ts";
import { settled } from "../helpers/fake-clock.ts";
import { scriptedScope } from "../helpers/guest-scope.ts";
import { type Behaviour, randomPipeline } from "../helpers/random-pipeline.ts";
import { openStore, type Setting } from "../media/media-fixture.ts";

/** An instance's hostcalls, with the account that they are charged to. */
interface Fixture {
	readonly scope: GuestScope;
	readonly account: MemoryAccount;
	readonly total: TotalMemory;
	/** Ends the instance as the host does. */
	end(): Promise<void>;
	readonly handles: GuestHandles;
}

interface FixtureOptions {
	readonly limit?: number;
	readonly behaviour?: () => Behaviour;
	readonly bytes?: () => number;
	readonly media?: Setting;
}

function fixture({ limit = 1_000_000, behaviour = () => "answers", bytes = () => 100, media }: FixtureOptions = {}): Fixture {
	const total = new TotalMemory(10_000_000);
	const account = new MemoryAccount({ limit, total, overheadBytes: 10 });
	const scripted = scriptedScope([]);
	const handles = new GuestHandles(16);
	return {
		account,
		total,
		handles,
		scope: {
			...scripted,
			memory: account,
			pipeline: chargedPipeline(randomPipeline(behaviour, bytes), account),
			...(media === undefined ? {} : { media: media.guest("alice") }),
		},
		async end() {
			scripted.abort.abort(new SpearError("cancelled", "the run is over"));
			handles.disposeAll();
			account.close();
			for (let turn = 0; turn < 5; turn += 1) await settled();
			await media?.store.settled();
		},
	};
}

function codeOf(act: () => unknown): string {
	try {
		act();
		return "none";
	} catch (error) {
		return SpearError.from(error).code;
	}
}

const failureOf = (promise: Promise<unknown>): Promise<string> =>
	promise.then(
		() => "none",
		(error: unknown) => SpearError.from(error).code,
	);

test("messages of a session are charged as they are written, and released by truncate and by the drop of the handle", () => {
	const { scope, account } = fixture();
	const before = account.used;
	const session = createCchat(scope).session.open(chatRequest({ messages: [] }), undefined);
	const empty = account.used;
	assert.ok(empty > before);
	session.writeMessage(message("user", "x".repeat(1_000)));
	assert.ok(account.used >= empty + 2_000);
	session.truncate(0);
	assert.is(account.used, empty);
	session[Symbol.dispose]();
	assert.is(account.used, before);
});

test("a message that does not fit into the account is refused, and the session stays as it was", () => {
	const { scope, account } = fixture({ limit: 10_000 });
	const session = createCchat(scope).session.open(chatRequest({ messages: [] }), undefined);
	const { used } = account;
	assert.is(
		codeOf(() => session.writeMessage(message("user", "x".repeat(5_000)))),
		"not_permitted",
	);
	assert.is(account.used, used);
	assert.equal(session.messages(), []);
	session.writeMessage(message("user", "short"));
});

test("a session that does not fit is refused and leaves nothing", () => {
	const { scope, account } = fixture({ limit: 1_000 });
	const big = chatRequest({ messages: [message("user", "x".repeat(1_000))] });
	assert.is(
		codeOf(() => createCchat(scope).session.open(big, undefined)),
		"not_permitted",
	);
	assert.is(account.used, 10);
});

test("a tool and a parameter replace the charge of what they replace", () => {
	const { scope, account } = fixture();
	const session = createCchat(scope).session.open(chatRequest({ messages: [] }), undefined);
	const tool = (text: string) => ({ name: "t", description: text, parameters: { type: "object" } });
	session.registerTool(tool("x".repeat(500)));
	session.setParam("stop", ["s".repeat(500)]);
	const { used } = account;
	session.registerTool(tool("x".repeat(400)));
	session.setParam("stop", ["s".repeat(400)]);
	assert.is(account.used, used - 2 * 200);
});

test("a call is refused before it starts if its payload does not fit, and charged until it ends", async () => {
	let asked = 0;
	const { scope, account, end } = fixture({
		limit: 10_000,
		behaviour: () => {
			asked += 1;
			return "hangs";
		},
	});
	const cchat = createCchat(scope);
	const large = chatRequest({ messages: [message("user", "x".repeat(5_000))] });
	assert.is(await failureOf(cchat.complete(large, undefined)), "not_permitted");
	assert.is(asked, 0);
	const call = failureOf(cchat.complete(chatRequest({ messages: [message("user", "x".repeat(1_000))] }), undefined));
	await settled();
	assert.ok(account.used > 2_000);
	await end();
	assert.is(await call, "cancelled");
	assert.is(account.used, 0);
});

test("an answer beyond the limit is delivered, and the next call is refused until the guest has made room", async () => {
	const { scope, account } = fixture({ limit: 10_000, bytes: () => 10_000 });
	const session = createCchat(scope).session.open(chatRequest(), undefined);
	const answer = await session.send();
	assert.equal(answer.message.content[0], { type: "text", text: "x".repeat(10_000) });
	assert.ok(account.used > 20_000);
	assert.is(await failureOf(session.send()), "not_permitted");
	session.truncate(1);
	assert.equal((await session.send()).finish_reason, "stop");
});

test("a stream is held back while the account is full, and loses nothing", async () => {
	const { scope, account } = fixture({ limit: 4_000, bytes: () => 1_500 });
	const stream = await createCchat(scope).completeStream(chatRequest(), undefined);
	for (let turn = 0; turn < 20; turn += 1) await settled();
	assert.ok(account.used <= 10_000, `${account.used} bytes`);
	const types: string[] = [];
	for (let event = await stream.next(); ; event = await stream.next()) {
		types.push(event.type);
		if (event.type === "completed" || event.type === "failed") break;
	}
	assert.equal(types, ["text", "text", "text", "text", "completed"]);
	for (let turn = 0; turn < 5; turn += 1) await settled();
	assert.is(account.used, 10);
});

test("input of a realtime session that does not fit is refused with the setting's name", async () => {
	const { scope, account } = fixture({ limit: 10_000 });
	const session = await createRt(scope).session.connect({ mode: "conversation", tools: [] }, undefined);
	await settled();
	try {
		for (let count = 0; count < 20; count += 1) session.appendAudio(new Uint8Array(1_000));
		assert.unreachable();
	} catch (error) {
		assert.match(SpearError.from(error).message, /queues: 1000 bytes .*max_instance_bytes/);
	}
	session[Symbol.dispose]();
	await settled();
	assert.is(account.used, 10);
});

test("bytes of media are charged on their way to the store and back", async () => {
	const media = await openStore();
	const { scope, account, end } = fixture({ limit: 400, media });
	const calls = createMedia(scope);
	const put = calls.put(new Uint8Array(300), undefined);
	assert.is(account.used, 310);
	const { reference } = await put;
	assert.is(account.used, 10);
	assert.is(await failureOf(calls.put(new Uint8Array(391), undefined)), "not_permitted");
	assert.is((await calls.get(reference)).byteLength, 300);
	assert.is(account.used, 310);
	const reader = await calls.reader.open(reference);
	assert.is(await failureOf(reader.read(100)), "not_permitted");
	account.taken();
	await reader.read(200);
	assert.is(account.used, 210);
	reader[Symbol.dispose]();
	assert.is(account.used, 10);
	await end();
	await media.store.close();
});

const ACTS = ["open", "write", "tool", "param", "truncate", "send", "send stream", "complete", "stream", "next", "drop"] as const;
const MORE = ["connect", "audio", "put", "get", "append", "finish", "read", "close session", "turn"] as const;
const act = fc.record({
	what: fc.constantFrom(...ACTS, ...MORE),
	which: fc.nat(),
	bytes: fc.nat({ max: 3_000 }),
	behaviour: fc.constantFrom<Behaviour>("answers", "answers", "fails", "hangs", "fails later"),
});

test("nothing is left in the account after the end of an instance, whatever it did and whatever failed", async () => {
	const media = await openStore({ maxBytes: 5_000, quotaBytes: 20_000, maxCallBytes: 4_000 });
	await fc.assert(
		fc.asyncProperty(fc.array(act, { maxLength: 60 }), fc.constantFrom(4_000, 20_000, 1_000_000), async (acts, limit) => {
			let current: { behaviour: Behaviour; bytes: number } = { behaviour: "answers", bytes: 0 };
			const { scope, account, total, handles, end } = fixture({
				limit,
				media,
				behaviour: () => current.behaviour,
				bytes: () => current.bytes,
			});
			const [cchat, rt, files] = [createCchat(scope), createRt(scope), createMedia(scope)];
			const opened: object[] = [];
			const references: Awaited<ReturnType<typeof files.put>>["reference"][] = [];
			const pending: Promise<unknown>[] = [];
			const keep = <T extends object & Partial<Disposable>>(resource: T): T => {
				handles.add(resource, resource);
				opened.push(resource);
				return resource;
			};
			type Any = Partial<ReturnType<typeof cchat.session.open>> &
				Partial<Awaited<ReturnType<typeof cchat.completeStream>>> &
				Partial<Awaited<ReturnType<typeof rt.session.connect>>> &
				Partial<ReturnType<typeof files.writer.open>> &
				Partial<Awaited<ReturnType<typeof files.reader.open>>>;
			for (const { what, which, bytes, behaviour } of acts) {
				current = { behaviour, bytes };
				const text = "w".repeat(bytes);
				const live = opened.filter((each) => handles.has(each));
				const chosen: Any = live[which % Math.max(1, live.length)] ?? {};
				const reference = references[which % Math.max(1, references.length)] ?? { type: "stored", stored: "sms+file://none" };
				const steps: Record<typeof what, () => unknown> = {
					open: () => keep(cchat.session.open(chatRequest({ messages: [message("user", text)] }), undefined)),
					write: () => chosen.writeMessage?.(message("user", text)),
					tool: () => chosen.registerTool?.({ name: `t${which % 3}`, description: text, parameters: { type: "object" } }),
					param: () => chosen.setParam?.("stop", [text]),
					truncate: () => chosen.truncate?.(which % 3),
					send: () => chosen.send?.(),
					"send stream": async () => {
						const stream = await chosen.sendStream?.();
						if (stream !== undefined) keep(stream);
					},
					complete: () => cchat.complete(chatRequest({ messages: [message("user", text)] }), undefined),
					stream: async () => keep(await cchat.completeStream(chatRequest({ messages: [message("user", text)] }), undefined)),
					next: () => chosen.next?.(),
					drop: () => {
						if (handles.delete(chosen)) chosen[Symbol.dispose]?.();
					},
					connect: async () => keep(await rt.session.connect({ mode: "conversation", tools: [], instructions: text }, undefined)),
					audio: () => chosen.appendAudio?.(new Uint8Array(bytes)),
					put: async () => references.push((await files.put(new Uint8Array(bytes * 2), undefined)).reference),
					get: () => files.get(reference),
					append: () => (chosen.append ?? keep(files.writer.open(undefined)).append)(new Uint8Array(bytes)),
					finish: () => chosen.finish?.(),
					read: async () => (chosen.read ?? keep(await files.reader.open(reference)).read)(Math.max(1, bytes)),
					"close session": () => chosen.close?.(),
					turn: () => settled(),
				};
				const outcome = new Promise((resolve) => resolve(steps[what]())).catch(() => {});
				pending.push(outcome);
				if (what === "turn" || which % 2 === 0) await Promise.race([outcome, settled()]);
			}
			await end();
			await Promise.all(pending);
			await settled();
			assert.is(account.used, 0);
			assert.is(total.used, 0);
			for (const reference of references)
				await media
					.guest("alice")
					.remove(reference)
					.catch(() => {});
		}),
		{ numRuns: process.env.SPEAR_TEST_FULL === "1" ? 400 : 60 },
	);
	await media.store.close();
});

test.run();
