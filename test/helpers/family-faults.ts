import { mkdtempSync, readdirSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { JsonObject } from "../../generated/ir/json.ts";
import type { Operation } from "../../generated/ir/operations.ts";
import { type AgentInstance, type Config, type Host, type Logger, type RunOptions, SpearError } from "../../src/index.ts";
import { ask, type FamilyCommand } from "./family-guest.ts";
import { scratch } from "./guest.ts";
import { createHost } from "./isolation.ts";
import { answer, type Behaviour, OpenAiServer } from "./openai-server.ts";
import { CANARY, describe } from "./probe-host.ts";
import { keyEnvironment, keyNames, UNASSISTED } from "./unassisted.ts";

/** A failure of an upstream, and the error record that the guest receives. */
export interface FamilyFault {
	/** Behaviour of the upstream. Absent for an address where nothing listens. */
	readonly behaviour?: () => Behaviour;
	/** Code in the guest's spelling, e.g. `backend-error`. */
	readonly code: string;
	readonly retryable: boolean;
	readonly retryAfterMs?: number;
	/** Deadline of the call, in milliseconds. The default is that of the host. */
	readonly timeoutMs?: number;
	/** Restricts the fault to families whose responses are JSON. */
	readonly json?: true;
}

const KEYS = keyNames("CANARY_KEY");

const JSON_TYPE = { "content-type": "application/json" };

/** The faults that every family is tested with. Each is the response to one call. */
export const FAMILY_FAULTS: Readonly<Record<string, FamilyFault>> = {
	"a refused connection": { code: "backend-error", retryable: true },
	"400": {
		behaviour: () => answer.status(400, { error: { message: "No such thing", type: "invalid_request_error", param: "model" } }),
		code: "invalid-request",
		retryable: false,
	},
	"401": {
		behaviour: () => answer.status(401, { error: { message: `Incorrect API key provided: ${CANARY}`, code: "invalid_api_key" } }),
		code: "backend-error",
		retryable: false,
	},
	"404": {
		behaviour: () => answer.status(404, { error: { message: "The model does not exist", code: "model_not_found" } }),
		code: "backend-error",
		retryable: false,
	},
	"429 with Retry-After": {
		behaviour: () => answer.status(429, { error: { message: "Slow down", code: "rate_limit_exceeded" } }, { "retry-after": "7" }),
		code: "rate-limited",
		retryable: true,
		retryAfterMs: 7_000,
	},
	"500": { behaviour: () => answer.status(500, { error: { message: "Oops" } }), code: "backend-error", retryable: true },
	"503 without JSON": { behaviour: () => answer.status(503, "<html>down</html>"), code: "backend-error", retryable: true },
	"a connection cut before the answer": { behaviour: answer.disconnect, code: "backend-error", retryable: true },
	"a body that is cut off": {
		behaviour: () => answer.cutOff(Buffer.from('{"data":['), { ...JSON_TYPE, "content-length": "1000" }),
		code: "backend-error",
		retryable: true,
	},
	"malformed JSON": { behaviour: () => answer.text('{"data": ['), code: "backend-error", retryable: false, json: true },
	"JSON of another kind": { behaviour: () => answer.json({ object: "something" }), code: "backend-error", retryable: false, json: true },
	"an error in place of an answer": {
		behaviour: () => answer.json({ error: { message: "Oops", type: "server_error" } }),
		code: "backend-error",
		retryable: true,
		json: true,
	},
	"what is not HTTP": { behaviour: () => answer.raw("HELLO\r\n\r\n"), code: "backend-error", retryable: false },
	"no answer within the deadline": { behaviour: answer.silence, code: "timeout", retryable: true, timeoutMs: 150 },
	"an answer that stalls": {
		behaviour: () => answer.stall(Buffer.from('{"data":['), JSON_TYPE),
		code: "timeout",
		retryable: true,
		timeoutMs: 150,
	},
	"an answer without end": {
		behaviour: () => answer.flood(Buffer.alloc(1024 * 1024, " "), JSON_TYPE),
		code: "backend-error",
		retryable: false,
		json: true,
	},
};

/** A family for the fault table. */
export interface FamilyUnderTest {
	readonly operation: Operation;
	/** Returns the path of the built guest. */
	readonly component: () => Promise<string>;
	/** Returns a command that makes one call with these call options. */
	readonly command: (options: unknown) => FamilyCommand;
	/** Behaviours of the upstream for one call that succeeds. */
	readonly good: () => readonly Behaviour[];
	/** Checks the outcome of that call in the guest. */
	readonly check: (outcome: unknown) => void;
	/** Further faults by name. `undefined` removes a fault of the table. */
	readonly faults?: Readonly<Record<string, FamilyFault | undefined>>;
	/** Options of the backend instance. */
	readonly options?: JsonObject;
	/** True if responses are JSON. The default is true. */
	readonly json?: boolean;
	/** True if a successful response leaves files in the media store. The default is false. */
	readonly stores?: boolean;
}

export interface FamilyHost {
	readonly server: OpenAiServer;
	readonly host: Host;
	/** Every line of the log. */
	readonly logged: string[];
	instance(options?: RunOptions): Promise<AgentInstance>;
	close(): Promise<void>;
}

/** Returns call options that allow only `backend`. */
export function via(backend: "upstream" | "nobody", more: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
	return { routing: { backend, allowlist: [], denylist: [], preferred: [] }, ...more };
}

/** Starts a host with two backends: `upstream`, a scripted server on the loopback interface, and `nobody`, an address where nothing listens. */
export async function startFamilyHost(
	component: string,
	more: { readonly options?: JsonObject; readonly host?: Config["host"]; readonly media?: Config["media"] } = {},
): Promise<FamilyHost> {
	const server = await OpenAiServer.start();
	const logged: string[] = [];
	const write = (fields: Readonly<Record<string, unknown>>, message: string): void => {
		logged.push(describe({ fields, message }));
	};
	const logger: Logger = { trace: write, debug: write, info: write, warn: write, error: write };
	const common = { kind: "openai-compatible", api_key_env: KEYS, models: ["m1", "m2"], options: more.options ?? {} };
	const host = await createHost({
		config: {
			host: { cache_dir: scratch(), ...more.host },
			...(more.media === undefined ? {} : { media: more.media }),
			router: UNASSISTED,
			backends: {
				upstream: { ...common, base_url: server.baseUrl },
				nobody: { ...common, base_url: `http://127.0.0.1:${await closedPort()}/v1` },
			},
		},
		env: keyEnvironment(KEYS, CANARY),
		logger,
	});
	const agent = await host.load(component);
	return {
		server,
		host,
		logged,
		instance: (options = {}) => agent.instantiate(options),
		async close() {
			await host.close();
			await server.quiet();
			await server.close();
		},
	};
}

interface Context {
	familyHost: FamilyHost;
	instance: AgentInstance;
	before: readonly string[];
	restoreTemporaryDirectory: () => void;
}

type FamilySuite = ReturnType<typeof suite<Context>>;

/**
 * Returns the suite of the fault table of a family, from a guest to a server on a real socket. After each fault, the error record is right,
 * the instance is usable and nothing is left open. The caller adds tests and calls `run`.
 */
export function familyFaults(family: FamilyUnderTest): FamilySuite {
	const { operation, command, check } = family;
	const test = suite<Context>(`${operation}: faults`);
	const faults = Object.entries({ ...FAMILY_FAULTS, ...family.faults }).flatMap(([name, fault]) =>
		fault === undefined || (fault.json === true && family.json === false) ? [] : [{ name, fault }],
	);
	const good = async ({ familyHost: { server }, instance }: Context): Promise<void> => {
		server.script(...family.good());
		const [outcome] = await ask(instance, command(via("upstream")));
		check(outcome);
	};

	test.before(async (context) => {
		const component = await family.component();
		context.restoreTemporaryDirectory = usePrivateTemporaryDirectory();
		context.before = resources();
		context.familyHost = await startFamilyHost(component, family.options === undefined ? {} : { options: family.options });
		context.instance = await context.familyHost.instance();
		await good(context);
		if (family.stores === true) assert.ok(temporaryFiles().length > 0, "what is stored must show among the files counted");
	});

	for (const { name, fault } of faults) {
		test(`a call fails with the right error record and the instance stays usable after ${name}`, async (context) => {
			const { server, host } = context.familyHost;
			const backend = fault.behaviour === undefined ? "nobody" : "upstream";
			if (fault.behaviour !== undefined) server.script(fault.behaviour());
			const files = temporaryFiles();
			const options = via(backend, fault.timeoutMs === undefined ? {} : { timeoutMs: fault.timeoutMs });
			const [outcome] = await ask(context.instance, command(options));
			checkRecord(outcome?.err, fault, operation, backend);
			await until(
				() => moreThan(files, temporaryFiles()).length === 0,
				() => `files were ${files}, are ${temporaryFiles()}`,
			);
			assert.equal(
				host.backends().map(({ inFlight }) => inFlight),
				[0, 0],
			);
			await Promise.all(server.requests.map(({ ended }) => ended));
			await good(context);
		});
	}

	test("an aborted call closes its socket and leaves nothing, and the host stays usable", async (context) => {
		const { server, host } = context.familyHost;
		const abort = new AbortController();
		const instance = await context.familyHost.instance({ signal: abort.signal });
		const files = temporaryFiles();
		const count = server.requests.length;
		server.script(answer.silence());
		const running = instance.run(JSON.stringify([command(via("upstream"))])).then(
			() => undefined,
			(error: unknown) => error,
		);
		const received = await server.request(count);
		abort.abort();
		assert.ok((await received.ended).clientClosed);
		const error = await running;
		assert.ok(error instanceof SpearError && error.code === "cancelled", describe(error));
		await instance.close();
		await until(
			() => moreThan(files, temporaryFiles()).length === 0,
			() => `files were ${files}, are ${temporaryFiles()}`,
		);
		assert.equal(
			host.backends().map(({ inFlight }) => inFlight),
			[0, 0],
		);
		await good(context);
	});

	test.after(({ restoreTemporaryDirectory }) => restoreTemporaryDirectory());

	test("a closed host leaves nothing, and its log does not contain the key", async ({ familyHost, instance, before }) => {
		await instance.close();
		await familyHost.close();
		await until(
			() => moreThan(before, resources()).length === 0,
			() => `left are ${moreThan(before, resources())}`,
		);
		assert.equal(temporaryFiles(), []);
		assert.not.match(familyHost.logged.join("\n"), CANARY);
	});

	return test;
}

function checkRecord(error: unknown, fault: FamilyFault, operation: string, backend: string): void {
	assert.ok(typeof error === "object" && error !== null, describe(error));
	const record: Record<string, unknown> = { ...error };
	assert.is(record.code, fault.code, describe(error));
	assert.is(record.retryable, fault.retryable, describe(error));
	assert.is(record.retryAfterMs ?? undefined, fault.retryAfterMs, describe(error));
	assert.is(record.operation, operation);
	assert.match(describe(record.explanation), `"chosen":"${backend}"`);
	assert.not.match(describe(error), CANARY);
	assert.not.match(describe(error), "127.0.0.1");
}

/** Returns a port of the loopback interface where nothing listens. */
async function closedPort(): Promise<number> {
	const server = createServer();
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	const address = server.address();
	await new Promise((resolve) => server.close(resolve));
	if (address === null || typeof address === "string") throw new Error("no port");
	return address.port;
}

let temporary: string | undefined;

/** Sets a new temporary directory, so that files that a host leaves can be counted. Returns a function that sets the former one again. */
function usePrivateTemporaryDirectory(): () => void {
	const { TMPDIR: former } = process.env;
	temporary = mkdtempSync(join(scratch(), "tmp-"));
	process.env.TMPDIR = temporary;
	return () => {
		if (former === undefined) delete process.env.TMPDIR;
		else process.env.TMPDIR = former;
	};
}

/** Returns all files below the temporary directory. */
function temporaryFiles(): string[] {
	if (temporary === undefined) return [];
	const entries = readdirSync(temporary, { recursive: true, withFileTypes: true });
	return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** Returns the resources that keep the process alive and that a host may have opened. */
function resources(): string[] {
	return process.getActiveResourcesInfo().filter((name) => /TCP|TLS|Timeout|GetAddrInfo|FSReq|FileHandle/.test(name));
}

/** Returns the resources in `now` that are not in `before`, by kind. */
function moreThan(before: readonly string[], now: readonly string[]): string[] {
	const known = [...before];
	return now.filter((name) => {
		const at = known.indexOf(name);
		if (at !== -1) known.splice(at, 1);
		return at === -1;
	});
}

/** Waits until `condition` returns true. Throws `otherwise` after 100 checks. */
async function until(condition: () => boolean, otherwise: () => string): Promise<void> {
	for (let tries = 0; !condition(); tries++) {
		if (tries === 100) throw new Error(otherwise());
		await sleep(10);
	}
}
