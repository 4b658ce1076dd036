import { execFile } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { SpearError } from "../../src/errors/spear-error.ts";
import { isAlive, SELECTION, serverSettings, type TestTools, testTools, until } from "../helpers/mcp.ts";
import { heldBytes } from "../helpers/memory.ts";

const never = new AbortController().signal;

async function names(tools: TestTools): Promise<string[]> {
	const listed = await tools.tools.list(SELECTION, never);
	return listed.map(({ name }) => Buffer.from(name.split("__")[2] ?? "", "base64url").toString());
}

test("a server starts at the first use, serves all calls in one process, and ends with the host", async () => {
	const tools = testTools([serverSettings("well")]);
	const first = await tools.text("pid");
	assert.is(await tools.text("pid"), first);
	assert.is(await tools.text("add", { a: 2, b: 3 }), "5");
	assert.equal(await names(tools), ["add", "cancelled", "crash", "env", "fail", "hang", "large", "pid", "refuse"]);
	await tools.servers.close();
	assert.not(isAlive(Number(first)));
	assert.is(await tools.text("pid"), "unknown_tool: unknown tool: mcp.test.pid");
	assert.equal(
		tools.log.filter((line) => line.startsWith("warn")),
		[],
	);
});

test("an event says of each call what it was, how it ended and how large its output was", async () => {
	await using tools = testTools([serverSettings("well")]);
	await tools.text("add", { a: 2, b: 3 });
	await tools.text("fail");
	await tools.text("refuse");
	const seen = tools.events.map(({ durationMs, ...event }) => ({ ...event, took: durationMs >= 0 }));
	const common = { type: "tool-call", server: "test", took: true } as const;
	assert.equal(seen, [
		{ ...common, tool: "add", outcome: "ok", bytes: 40 },
		{ ...common, tool: "fail", outcome: "error", bytes: 62 },
		{ ...common, tool: "refuse", outcome: "failed", bytes: 0, message: "no undefined" },
	]);
});

test("a server receives the variables that its entry names, and its outputs, errors and log lines are redacted", async () => {
	const env = { PATH: process.env.PATH, SPEAR_TEST_TOKEN: "s3cret-value", OPENAI_API_KEY: "key" };
	await using tools = testTools([serverSettings("well", { env: ["SPEAR_TEST_TOKEN"] })], { env });
	const seen: string[] = JSON.parse(await tools.text("env"));
	assert.equal(
		seen.filter((name) => !name.startsWith("NODE_") && name !== "LC_CTYPE" && name !== "__CF_USER_TEXT_ENCODING"),
		["PATH", "SPEAR_TEST_TOKEN", "[redacted]"],
	);
	assert.is(await tools.text("refuse"), "mcp_tool_failed: no [redacted]");
});

test("values of variables are secrets of the host, except for words, paths and plain URLs", async () => {
	const env = {
		A_TOKEN: "s3cret-value-1",
		NODE_ENV: "production",
		DATA_DIR: "/srv/data-files",
		API_URL: "https://api.example.com/v1",
		DATABASE_URL: "https://user:s3cret-value-2@db.example.com",
	};
	await using tools = testTools([serverSettings("well", { env: [...Object.keys(env), "ABSENT"] })], { env });
	assert.equal([...tools.servers.secrets()], ["s3cret-value-1", "https://user:s3cret-value-2@db.example.com"]);
});

test("the close of the host waits for a server that is being started", async () => {
	const tools = testTools([serverSettings("silent")]);
	const listing = names(tools);
	await until(() => tools.log.includes("info silent"));
	await tools.servers.close();
	assert.equal(await listing, []);
	assert.equal(
		tools.log.filter((line) => line.startsWith("warn")),
		[],
	);
});

test("an output is cut at the limits of the server and of the call", async () => {
	await using tools = testTools([serverSettings("well", { maxOutputBytes: 1_000 })]);
	const result = await tools.call("large", { bytes: 5_000 });
	assert.ok("output" in result);
	assert.is(Buffer.byteLength(result.output) <= 1_000 && result.output.endsWith("… (cut)"), true);
});

test("an answer that is longer than a message may be fails its call alone, and is not held", async () => {
	await using tools = testTools([serverSettings("pauses")]);
	const pid = await tools.text("pid");
	const before = heldBytes();
	const large = tools.text("large", { bytes: 100_000_000 });
	await until(() => tools.log.includes("info begun"));
	const held = heldBytes() - before;
	const small = tools.text("add", { a: 1, b: 1 });
	assert.is(await large, "mcp_tool_failed: the answer has more than 4194304 bytes");
	assert.is(await small, "2");
	assert.is(await tools.text("pid"), pid);
	// A message at the limit, in at most twice its bytes.
	assert.ok(held < 16_000_000, `${held} bytes of the answer are held`);
});

test("a call that takes too long is cancelled at the server, and others go on", async () => {
	await using tools = testTools([serverSettings("well", { callTimeoutMs: 200 })]);
	const pid = await tools.text("pid");
	const [hanging, quick] = await Promise.all([tools.text("hang"), tools.text("add", { a: 1, b: 2 })]);
	assert.is(hanging, "mcp_tool_failed: the server did not answer within 200 ms");
	assert.is(quick, "3");
	assert.is(await tools.text("cancelled"), "1");
	assert.is(await tools.text("pid"), pid);
});

test("an abort cancels the call at the server, and a late answer is nobody's", async () => {
	await using tools = testTools([serverSettings("late")]);
	await tools.text("pid");
	const abort = new AbortController();
	const hanging = tools.call("hang", {}, abort.signal);
	await until(() => tools.log.includes("info hanging"));
	abort.abort(new SpearError("cancelled", "the run is over"));
	await hanging.then(
		() => assert.unreachable(),
		(thrown: Error) => assert.is(thrown.message, "the run is over"),
	);
	assert.is(await tools.text("cancelled"), "1");
	assert.equal(
		tools.events.map(({ outcome }) => outcome),
		["ok", "cancelled", "ok"],
	);
});

test("a server that answers no ping after a call that took too long is ended and started again", async () => {
	await using tools = testTools([serverSettings("stuck", { callTimeoutMs: 200 })], { times: { firstDelayMs: 1 } });
	const pid = await tools.text("pid");
	await tools.text("hang");
	await until(() => !isAlive(Number(pid)));
	assert.match(tools.log.join("\n"), "warn MCP server test failed: the server does not answer");
	assert.is.not(await tools.text("pid"), pid);
});

test("a server that crashes fails the calls in flight, and is started again after a time that grows", async () => {
	await using tools = testTools([serverSettings("well")], { times: { firstDelayMs: 60_000, maxDelayMs: 90_000 } });
	await tools.text("pid");
	const [crash, hanging] = await Promise.all([tools.text("crash"), tools.text("hang")]);
	assert.is(crash, "mcp_tool_failed: the server ended with exit code 3");
	assert.is(hanging, "mcp_tool_failed: the server ended with exit code 3");
	assert.equal(await names(tools), []);
	assert.equal(
		tools.log.filter((line) => line.startsWith("warn")),
		["warn MCP server test failed: the server ended with exit code 3; no start for 60 s"],
	);
});

for (const [mode, reason] of [
	["silent", /the server did not answer within 500 ms/],
	["no-list", /the tools cannot be listed: the server did not answer within 3000 ms/],
	["list-error", /the tools cannot be listed: no list today/],
	["old-protocol", /protocol version/],
	["crash-at-start", /the server ended with exit code 4/],
	["flood", /the server floods the host with messages/],
	["endless-line", /the server sent a message without an end/],
	["deep", /the tools cannot be listed: the server did not answer within 3000 ms/],
	["million-tools", /the tools cannot be listed: the answer has more than 4194304 bytes/],
] as const)
	test(`a server of the mode ${mode} offers no tools, and its processes are ended`, async () => {
		// A slow machine starts no process in half a second, so only the mode that never answers has that limit.
		const listTimeoutMs = Number(/within (\d+) ms/.exec(reason.source)?.[1] ?? 30_000);
		await using tools = testTools([serverSettings(mode, { listTimeoutMs, env: ["SPEAR_TEST_TOKEN"] })], {
			limits: { dropped: { burst: 64_000_000, perS: 1 } },
		});
		assert.equal(await names(tools), []);
		await until(() => tools.log.some((line) => line.startsWith("warn")));
		assert.match(tools.log.filter((line) => line.startsWith("warn")).join("\n"), reason);
	});

test("a server that does not read its input is ended before the host holds much for it", async () => {
	await using tools = testTools([serverSettings("deaf")], { limits: { maxUnreadBytes: 1_000_000 } });
	assert.is((await names(tools)).length, 9);
	const texts = await Promise.all([1, 2, 3].map(() => tools.text("add", { text: "x".repeat(1_000_000) })));
	assert.equal(
		texts,
		Array.from({ length: 3 }, () => "mcp_tool_failed: the server does not read its input"),
	);
});

test("a guest's instance has a bounded number of calls in flight, and other instances go on", async () => {
	await using tools = testTools([serverSettings("well")]);
	await tools.text("pid");
	const abort = new AbortController();
	const hanging = Array.from({ length: 16 }, () => tools.call("hang", {}, abort.signal));
	for (const call of hanging) call.catch(() => {});
	await until(() => tools.log.filter((line) => line === "info hanging").length === 16);
	assert.is(await tools.text("add", { a: 1, b: 1 }), "mcp_tool_failed: 16 calls of tools are in flight; wait for one of them");
	const other = tools.instance();
	const call = { selection: SELECTION, name: "mcp.test.add", arguments: '{"a":1,"b":1}', maxOutputBytes: 100 };
	assert.equal(await other.call(call, never), { output: '{"content":[{"type":"text","text":"2"}]}', isError: false });
	abort.abort();
	await Promise.allSettled(hanging);
	assert.is(await tools.text("add", { a: 1, b: 1 }), "2");
});

test("a program that does not exist is a failure in the log, and no tools for the guest", async () => {
	await using tools = testTools([serverSettings("well", { command: "/no/such/program" })]);
	assert.equal(await names(tools), []);
	assert.match(tools.log.join("\n"), "warn MCP server test failed: the program cannot be started: no such file; no start for 1 s");
});

test("names of any characters are offered under names that upstreams accept, and the tool is found again", async () => {
	await using tools = testTools([serverSettings("odd-names", { callTimeoutMs: 100 })]);
	const listed = await tools.tools.list(SELECTION, never);
	for (const { name } of listed) assert.match(name, /^mcp__[A-Za-z0-9_-]{1,59}$/);
	assert.is(new Set(listed.map(({ name }) => name)).size, 3);
	for (const { name } of listed) {
		const result = await tools.tools.call({ selection: SELECTION, name, arguments: "", maxOutputBytes: 100 }, never);
		assert.is("failure" in result && result.failure.code, "mcp_tool_failed");
	}
	assert.match(tools.log.join("\n"), "6 tools are left out");
});

test("tools that are too large or too many are left out", async () => {
	await using large = testTools([serverSettings("large-schemas")]);
	assert.equal(await names(large), ["small"]);
	await using many = testTools([serverSettings("many-tools")]);
	assert.is((await names(many)).length, 512);
	await using pages = testTools([serverSettings("endless-pages")]);
	assert.equal(await names(pages), []);
});

test("answers with wrong ids, and lines that are no messages, are ignored", async () => {
	await using tools = testTools([serverSettings("wrong-ids", { allowedTools: ["*"] })]);
	// The tool is not listed, so it is called at the server itself.
	const server = tools.servers.get("test");
	const result = await server?.call("any", {}, never);
	assert.equal(result, { content: [{ type: "text", text: "right" }] });
	assert.is(await tools.text("add", { a: 1, b: 1 }), "2");
});

test("a server that ignores the request to end is killed with all that it has started", async () => {
	const tools = testTools([serverSettings("stubborn")]);
	const pid = Number(await tools.text("pid"));
	const child = Number((await names(tools)).find((name) => name.startsWith("child-"))?.slice(6));
	assert.ok(isAlive(pid) && isAlive(child));
	await tools.servers.close();
	await until(() => !isAlive(pid) && !isAlive(child));
});

for (const mode of ["exit", "end"])
	test(`a process that was never closed ends by ${mode}, and its servers with it`, async () => {
		const child = fileURLToPath(new URL("../helpers/mcp-child.ts", import.meta.url));
		const { stdout } = await promisify(execFile)(process.execPath, ["--disable-warning=ExperimentalWarning", child, mode]);
		await until(() => !isAlive(Number(stdout)));
	});

test("a server is ended when it is idle, and started again for the next call", async () => {
	await using tools = testTools([serverSettings("well")], { times: { idleMs: 20 } });
	const pid = await tools.text("pid");
	await until(() => !isAlive(Number(pid)));
	assert.is.not(await tools.text("pid"), pid);
	assert.equal(
		tools.log.filter((line) => line.startsWith("warn")),
		[],
	);
});

test("a server that a reload removes ends after its calls, and one that stays the same keeps its process", async () => {
	const [kept, removed] = [serverSettings("well"), serverSettings("well", { id: "other" })];
	await using tools = testTools([kept, removed]);
	const pid = await tools.text("pid");
	const other = tools.servers.get("other");
	const args = { name: "mcp.other.pid", arguments: "", maxOutputBytes: 1_000, selection: { ...SELECTION, servers: ["other"] } };
	const answered = await tools.tools.call(args, never);
	assert.ok("output" in answered);
	const otherPid = Number(JSON.parse(answered.output).content[0].text);
	tools.servers.configure(new Map([["test", serverSettings("well")]]));
	assert.is(await tools.text("pid"), pid);
	await until(() => !isAlive(otherPid) && other?.isOver === true);
});

test.run();
