/**
 * A server of the Model Context Protocol over standard input and output, written without the SDK. Runs as a process of its own, and misbehaves as
 * its first argument says.
 */
import { spawn } from "node:child_process";
import { writeSync } from "node:fs";
import process from "node:process";

const [mode = "well", ...rest] = process.argv.slice(2);

interface Request {
	readonly id?: number;
	readonly method?: string;
	readonly params?: {
		readonly name?: string;
		readonly arguments?: Readonly<Record<string, unknown>>;
		readonly requestId?: number;
		readonly cursor?: string;
	};
}

interface ListedTool {
	readonly name: unknown;
	readonly description?: unknown;
	readonly inputSchema?: unknown;
}

const SCHEMA = { type: "object" };
const NAMES = ["add", "cancelled", "crash", "env", "fail", "hang", "large", "pid", "refuse"];

/** Requests that were cancelled. */
const cancelled: (number | undefined)[] = [];

function send(message: unknown): void {
	process.stdout.write(`${JSON.stringify(message)}\n`);
}

function answer(id: number | undefined, result: unknown): void {
	send({ jsonrpc: "2.0", id, result });
}

function text(id: number | undefined, value: unknown, isError = false): void {
	answer(id, { content: [{ type: "text", text: String(value) }], ...(isError ? { isError } : {}) });
}

/** Writes the end of an answer that was started. */
let finish: (() => void) | undefined;

/**
 * Writes an answer but for its end, which the next request brings. Writes the line `begun` to standard error when no more than the buffers
 * of the system hold is left to read.
 */
function begin(message: string): void {
	process.stdout.write(message, () => process.stderr.write("begun\n"));
	finish = () => process.stdout.write("\n");
}

/** Writes all of it before it returns, so that a flood does not fill this process instead of its reader. */
function writeAll(bytes: Uint8Array): void {
	for (let at = 0; at < bytes.length; ) {
		try {
			at += writeSync(1, bytes, at);
		} catch (thrown) {
			if (!(thrown instanceof Error && "code" in thrown && thrown.code === "EAGAIN")) process.exit(0);
		}
	}
}

function listed(): readonly ListedTool[] {
	switch (mode) {
		case "odd-names":
			return [
				{ name: "näme with blanks/../\u0000\u202e", inputSchema: SCHEMA },
				{ name: "x".repeat(60), inputSchema: SCHEMA },
				{ name: "y".repeat(1_000), inputSchema: SCHEMA },
				{ name: "", inputSchema: SCHEMA },
				{ name: 7, inputSchema: SCHEMA },
				{ name: "no-schema" },
				{ name: "text-schema", inputSchema: "object" },
				{ name: "__proto__", inputSchema: SCHEMA },
				{ name: "__proto__", inputSchema: SCHEMA, description: "again" },
			];
		case "large-schemas":
			return [
				{ name: "small", inputSchema: SCHEMA },
				{ name: "large", inputSchema: { type: "object", description: "x".repeat(100_000) } },
			];
		case "many-tools":
			return Array.from({ length: 20_000 }, (_, index) => ({ name: `tool-${index}`, inputSchema: SCHEMA }));
		case "million-tools":
			return Array.from({ length: 1_000_000 }, (_, index) => ({ name: `tool-${index}`, inputSchema: SCHEMA }));
		default:
			return NAMES.map((name) => ({ name, description: `Does ${name}.`, inputSchema: SCHEMA }));
	}
}

function list({ id, params }: Request): void {
	if (mode === "no-list") return;
	if (mode === "list-error") send({ jsonrpc: "2.0", id, error: { code: -32_000, message: "no list today" } });
	else if (mode === "deep")
		process.stdout.write(`{"jsonrpc":"2.0","id":${id},"result":{"tools":${"[".repeat(100_000)}${"]".repeat(100_000)}}}\n`);
	else if (mode === "endless-pages") answer(id, { tools: [], nextCursor: `${params?.cursor ?? ""}x` });
	else answer(id, { tools: listed() });
	if (mode === "deaf") process.stdin.pause();
}

function call(request: Request): void {
	const { id, params } = request;
	const args = params?.arguments ?? {};
	switch (params?.name) {
		case "add":
			text(id, Number(args.a) + Number(args.b));
			break;
		case "cancelled":
			text(id, cancelled.length);
			break;
		case "crash":
			process.exit(3);
			break;
		case "env":
			text(
				id,
				JSON.stringify(
					Object.keys(process.env)
						.sort()
						.concat(process.env.SPEAR_TEST_TOKEN ?? []),
				),
			);
			break;
		case "fail":
			text(id, "it broke", true);
			break;
		case "hang":
			process.stderr.write("hanging\n");
			break;
		case "large":
			if (mode === "pauses")
				begin(JSON.stringify({ jsonrpc: "2.0", id, result: { content: [{ type: "text", text: "y".repeat(Number(args.bytes)) }] } }));
			else text(id, "y".repeat(Number(args.bytes)));
			break;
		case "pid":
			text(id, process.pid);
			break;
		case "refuse":
			send({ jsonrpc: "2.0", id, error: { code: -32_602, message: `no ${process.env.SPEAR_TEST_TOKEN}` } });
			break;
		default:
			misbehave(request);
	}
}

function misbehave({ id }: Request): void {
	switch (mode) {
		case "wrong-ids":
			send({ jsonrpc: "2.0", id: (id ?? 0) + 1_000, result: {} });
			send({ jsonrpc: "2.0", id: "7", result: {} });
			send({ jsonrpc: "2.0", id: null, result: {} });
			send({ jsonrpc: "1.0", id, result: {} });
			send([{ jsonrpc: "2.0", id, result: {} }]);
			process.stdout.write("no JSON at all\n\u0000\n{}\n");
			text(id, "right");
			text(id, "twice");
			return;
	}
}

function dispatch(request: Request): void {
	finish?.();
	finish = undefined;
	switch (request.method) {
		case "initialize":
			if (mode === "silent") {
				process.stderr.write("silent\n");
				return;
			}
			answer(request.id, {
				protocolVersion: mode === "old-protocol" ? "1900-01-01" : "2025-06-18",
				capabilities: { tools: { listChanged: true } },
				serverInfo: { name: "test", version: "1" },
			});
			if (mode === "flood")
				for (;;) writeAll(Buffer.from('{"jsonrpc":"2.0","method":"notifications/message","params":{}}\n'.repeat(1_000)));
			if (mode === "endless-line") for (const chunk = Buffer.alloc(65_536, "x"); ; ) writeAll(chunk);
			return;
		case "notifications/cancelled":
			cancelled.push(request.params?.requestId);
			if (mode === "late") text(request.params?.requestId, "too late");
			return;
		case "ping":
			if (mode !== "stuck") answer(request.id, {});
			return;
		case "tools/list":
			list(request);
			break;
		case "tools/call":
			call(request);
	}
}

function handle(line: string): void {
	if (line.trim() !== "") dispatch(JSON.parse(line));
}

if (mode === "crash-at-start") {
	process.stderr.write(`cannot start with ${process.env.SPEAR_TEST_TOKEN}\n`);
	process.exit(4);
}
if (mode === "stubborn") {
	process.on("SIGTERM", () => {});
	process.stdin.on("end", () => {});
	setInterval(() => {}, 1_000);
	// A child that outlives its parent unless the whole group is killed.
	const child = spawn(process.execPath, ["-e", 'process.on("SIGTERM", () => {}); console.log("up"); setInterval(() => {}, 1000)'], {
		stdio: ["ignore", "pipe", "ignore"],
	});
	child.stdout.once("data", () => {
		NAMES.push(`child-${child.pid}`);
		read();
	});
} else read();

function read(): void {
	let pending = "";
	process.stdin.setEncoding("utf8").on("data", (chunk: string) => {
		const lines = (pending + chunk).split("\n");
		pending = lines.pop() ?? "";
		for (const line of lines) handle(line);
	});
}

if (rest.length > 0) process.stderr.write(`started with ${rest.join(" ")}\n`);
