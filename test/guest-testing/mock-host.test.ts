import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { test } from "uvu";
import * as assert from "uvu/assert";
import "../../src/guest-testing/register.ts";
import { interfaceModule } from "../../src/guest-testing/interface-modules.ts";
import {
	GuestError,
	guestModules,
	httpFailure,
	type MockHost,
	type MockHostOptions,
	type MockScript,
	mockHost,
	SpearError,
} from "../../src/guest-testing.ts";

type Run = (input: string) => string;
const { run }: { run: Run } = await import(new URL("guests/plain.ts", import.meta.url).href);
const { run: runJob }: { run: Run } = await import(new URL("guests/jobs.ts", import.meta.url).href);
const REGISTER = fileURLToPath(new URL("../../src/guest-testing/register.ts", import.meta.url));

function withHost(script: MockScript, check: (host: MockHost) => void, options: MockHostOptions = {}): void {
	using host = mockHost(script, options);
	check(host);
}

function failureOf(call: () => unknown): Error {
	try {
		call();
	} catch (thrown) {
		if (thrown instanceof Error) return thrown;
	}
	throw new Error("the call did not fail");
}

test("an hour of the guest takes no time, and is counted", () => {
	withHost({}, (host) => {
		const start = performance.now();
		assert.is(host.run(run, "wait"), "an hour later");
		assert.ok(performance.now() - start < 30_000);
		assert.is(host.elapsedMs, 3_600_000);
	});
});

test("time passes for a guest that asks again and again without waiting", () => {
	withHost({}, (host) => assert.is(host.run(run, "poll"), "ready at last"));
});

test("requests, hostcalls and replies that are left can be asserted", () => {
	withHost({ chat: ["Hello!", "never asked for"] }, (host) => {
		assert.is(host.run(run, "hi"), "Hello!");
		assert.equal(
			host.requestsOf("chat_completions").map(({ payload }) => payload.messages[0]?.content),
			[[{ type: "text", text: "hi" }]],
		);
		assert.equal(
			host.calls.map(({ name }) => name),
			["cchat.complete"],
		);
		assert.throws(() => host.assertUsed(), /1 of chat/);
	});
});

test("a script that is used up fails the hostcall and says so", () => {
	withHost({ chat: [] }, (host) => {
		const error = failureOf(() => host.run(runJob, "an error that nothing catches"));
		assert.instance(error, SpearError);
		assert.match(error.message, "the script is used up: chat has 0 replies, and this is request 1");
		assert.not.match(error.message, "tries again");
	});
});

test("a script that is used up by the host's retries of a failure says so", () => {
	withHost({ chat: [httpFailure(500)] }, (host) => {
		const { message } = failureOf(() => host.run(runJob, "an error that nothing catches"));
		assert.match(message, "The reply before is a failure that the host tries again: for a failure at every attempt, give a function");
	});
	withHost({ chat: () => httpFailure(500) }, (host) => {
		assert.match(failureOf(() => host.run(runJob, "an error that nothing catches")).message, "status 500");
	});
});

test("the error of a hostcall that the guest passes on has the guest's stack", () => {
	withHost({ chat: [httpFailure(400)] }, (host) => {
		const error = failureOf(() => host.run(runJob, "an error that nothing catches"));
		assert.instance(error, SpearError);
		assert.match((error as SpearError).guestStack, /guests\/jobs\.ts:\d+:\d+/);
	});
});

test("a function of the script that is asynchronous fails the hostcall and says why", () => {
	withHost({ chat: async () => "late" }, (host) => {
		assert.match(
			failureOf(() => host.run(runJob, "an error that nothing catches")).message,
			"returned a promise; the guest waits meanwhile",
		);
	});
});

test("the value that a guest threw is the cause of the failure", () => {
	withHost({}, (host) => {
		const error = failureOf(() => host.run(run, "throw"));
		assert.instance(error, GuestError);
		assert.is(error.message, "TypeError: not for the host");
		assert.instance(error.cause, TypeError);
	});
});

test("a run that returns no text fails as a component would", () => {
	withHost({}, (host) =>
		assert.is(failureOf(() => host.run((() => 5) as never)).message, "TypeError: run must return text, but returned number"),
	);
});

test("an asynchronous run is a promise of the answer, or of the failure", async () => {
	using host = mockHost({ chat: () => "later" });
	assert.is(await host.run(async (input) => run(await Promise.resolve(input)), "hi"), "later");
	const failed = host.run(async () => {
		throw new RangeError("own");
	});
	assert.is(await failed.catch((thrown: unknown) => String(thrown)), "GuestError: RangeError: own");
});

test("a value that would trap ends the run with its place, even if the guest catches the error", () => {
	withHost({ embeddings: [] }, (host) => {
		const embed = interfaceModule("emb").embed;
		assert.type(embed, "function");
		const error = failureOf(() =>
			host.run(() => {
				try {
					Reflect.apply(embed as () => void, undefined, [{ input: ["a", 5] }, undefined]);
				} catch {}
				return "caught";
			}),
		);
		assert.instance(error, GuestError);
		assert.match(error.message, "embed: request.input[1]: it must be text, and is 5; a component traps here");
	});
});

test("the limits of a configuration apply to the guest", () => {
	const config = { guests: { tested: { requests_per_minute: 1 } } };
	withHost(
		{ chat: () => "ok" },
		(host) => {
			assert.is(host.run(run, "one"), "ok");
			const error = failureOf(() => host.run(runJob, "an error that nothing catches"));
			assert.is(error instanceof SpearError ? error.code : error, "rate_limited");
		},
		{ guest: "tested", config },
	);
});

test("a configuration that cannot be used is refused with its fault", () => {
	assert.throws(() => mockHost({}, { config: { host: { timeout_ms: -1 } } }), /timeout_ms/);
	withHost({ chat: ["still fine"] }, (host) => assert.is(host.run(run, "hi"), "still fine"));
});

test("the deadline of a run stops a guest that waits", () => {
	withHost({ chat: [{ text: "late", delayMs: 10_000 }] }, (host) => {
		const error = failureOf(() => host.run(runJob, "a caught error", { timeoutMs: 100 }));
		assert.instance(error, SpearError);
		assert.is((error as SpearError).code, "timeout");
	});
});

test("hostcalls outside of a run are answered, and without a host the error says what to do", () => {
	withHost({ chat: () => "direct" }, () => assert.is(run("hi"), "direct"));
	assert.match(failureOf(() => run("hi")).message, "no mock host: call mockHost(");
});

test("the host that was made before answers again after the end of a later one", () => {
	withHost({ chat: () => "outer" }, () => {
		withHost({ chat: () => "inner" }, () => assert.is(run("hi"), "inner"));
		assert.is(run("hi"), "outer");
	});
});

test("the console of the test is its own, and the guest's goes to the log of the host", () => {
	const own = globalThis.console;
	withHost({}, (host) => {
		host.run(runJob, "lines of the log");
		assert.equal(
			host.log.map(({ message }) => message),
			["plain { deep: [ 1 ] }", "bad", "with fields"],
		);
	});
	assert.is(globalThis.console, own);
	assert.type(own.table, "function");
});

test("failures of HTTP reach the guest with their pause", () => {
	withHost({ chat: [httpFailure(429, { retryAfterMs: 900_000 })] }, (host) => {
		assert.is(host.run(runJob, "a caught error"), "rate-limited true 900000 chat_completions");
	});
});

test("a guest runs under the runner of Node, with the hook as a preloaded module", () => {
	const file = fileURLToPath(new URL("guests/plain.node-test.mjs", import.meta.url));
	const { NODE_TEST_CONTEXT: _, ...env } = process.env;
	const { status, stdout } = spawnSync(process.execPath, ["--import", REGISTER, "--test", "--test-reporter=tap", file], {
		env,
		encoding: "utf8",
	});
	assert.is(status, 0, stdout);
	assert.match(stdout, "ok 1 - a guest runs under the runner of Node");
});

test("an import of an interface that the ABI lacks is refused with those that exist", async () => {
	const failing = async (specifier: string): Promise<string> => {
		try {
			await import(specifier);
		} catch (thrown) {
			return String(thrown);
		}
		return "";
	};
	assert.match(await failing("spear:ai/chat@0.1.0"), "there is no interface spear:ai/chat@0.1.0; there are: spear:ai/asr@0.1.0");
	assert.is(await failing("spear:ai/cchat"), "");
	assert.match(await failing("spear:ai/cchat@0.9.0"), "the mock host has version 0.1.0");
});

test("the plugin for Vitest resolves and loads the same modules", () => {
	const plugin = guestModules();
	const id = plugin.resolveId("spear:ai/cchat@0.1.0");
	assert.is(id, "\0spear:ai/cchat@0.1.0");
	assert.match(plugin.load(id ?? "") ?? "", "export const { EventStream, Session, complete, completeStream } = interfaceModule");
	assert.match(plugin.resolveId("spear-hostcall/guest/chat") ?? "", /src\/guest\/chat\.ts$/);
	assert.is(plugin.resolveId("spear-hostcall/guest/testing"), undefined);
	assert.is(plugin.resolveId("node:fs"), undefined);
});

test.run();
