import { inParallel } from "../../async/in-parallel.ts";
import type { Clock } from "../../time/clock.ts";
import { StoreError } from "../store-error.ts";
import type { HostList, KnownHost } from "./known-hosts.ts";
import type { Answer, Command, FailureCode, HostFault } from "./messages.ts";

/** Longest time for the check of one host and for its reload, in milliseconds. */
const COMMAND_MS = 30_000;

/** Longest time until a host serves again, in milliseconds. */
const READY_MS = 30_000;

/** Time between two questions whether a host serves again, in milliseconds. */
const ASK_MS = 250;

/** Longest time for the answer to such a question, in milliseconds. */
const PING_MS = 2_000;

/** Time for which the right to change all hosts is held, in milliseconds: longer than one host may take. */
const HOLD_MS = COMMAND_MS + READY_MS + 30_000;

/** Most hosts that check their configurations concurrently. */
const MAX_CHECKS = 16;

/** A step of a rolled reload. */
export type ReloadStep =
	/** The host can use the configuration of its file. */
	| { readonly type: "checked"; readonly host: string; readonly digest: string; readonly needRestart: readonly string[] }
	/** The host reloads now. */
	| { readonly type: "reloading"; readonly host: string }
	/** The host serves with the new configuration. */
	| { readonly type: "reloaded"; readonly host: string; readonly digest: string; readonly durationMs: number }
	/** The host is left out, because it ends. */
	| { readonly type: "skipped"; readonly host: string; readonly message: string }
	/** The host cannot use its configuration, or does not serve with it. */
	| {
			readonly type: "failed";
			readonly host: string;
			readonly code: FailureCode;
			readonly message: string;
			readonly faults: readonly HostFault[];
	  }
	| ReloadEnd;

/** The last step. */
export interface ReloadEnd {
	readonly type: "end";
	/**
	 * - `done`: all hosts serve with the configurations of their files.
	 * - `checked`: all hosts can use them, and nothing was changed, as asked.
	 * - `refused`: a host failed the check, and nothing was changed.
	 * - `stopped`: a host failed its reload, or the caller stopped it. The hosts after it were not changed.
	 */
	readonly outcome: "done" | "checked" | "refused" | "stopped";
	/** Digest of the configuration of each host, as far as it is known. */
	readonly configs: readonly { readonly host: string; readonly digest: string }[];
}

/** The hosts that are reloaded. `Membership` is one. */
export interface Rollable {
	readonly instance: string;
	presentHosts(): Promise<HostList>;
	ask(instance: string, command: Command, timeoutMs: number): Promise<Answer>;
	hold(ttlMs: number): Promise<boolean>;
	release(): Promise<void>;
}

export interface RolledReloadOptions {
	readonly clock: Clock;
	/** True to check all hosts, and change none. */
	readonly dryRun: boolean;
	/** Stops before the next host. */
	readonly signal: AbortSignal;
}

/** The failure of a rolled reload that cannot begin: `busy` while another one runs, `unreachable` without the store. */
export class RolledReloadError extends Error {
	override readonly name = "RolledReloadError";
	readonly code: "busy" | "unreachable";

	constructor(code: RolledReloadError["code"], message: string, options: ErrorOptions = {}) {
		super(message, options);
		this.code = code;
	}
}

/**
 * Reloads the configurations of all hosts, each from its own file: checks all, then reloads one after the other, this one last. Waits until each serves
 * again with the new configuration. Stops at the first failure.
 *
 * @throws RolledReloadError before the first step.
 */
export async function* rolledReload(hosts: Rollable, options: RolledReloadOptions): AsyncGenerator<ReloadStep, void, void> {
	if (!(await held(hosts)))
		throw new RolledReloadError("busy", "the hosts are being reloaded already, by this host or another one; wait until that has ended");
	try {
		yield* new Roll(hosts, options).steps();
	} finally {
		await hosts.release();
	}
}

async function held(hosts: Rollable): Promise<boolean> {
	try {
		return await hosts.hold(HOLD_MS);
	} catch (cause) {
		throw new RolledReloadError("unreachable", "the shared store cannot be reached, so that the other hosts cannot be asked", { cause });
	}
}

/** A host that has passed the check. */
interface Checked {
	readonly host: KnownHost;
	readonly digest: string;
}

class Roll {
	readonly #hosts: Rollable;
	readonly #options: RolledReloadOptions;
	/** Digest by host. */
	readonly #configs = new Map<string, string>();

	constructor(hosts: Rollable, options: RolledReloadOptions) {
		this.#hosts = hosts;
		this.#options = options;
	}

	async *steps(): AsyncGenerator<ReloadStep, void, void> {
		const { dryRun, signal } = this.#options;
		const { isCurrent, hosts, refused } = await this.#hosts.presentHosts();
		if (!isCurrent) throw new RolledReloadError("unreachable", "the shared store cannot be reached, so that the other hosts are unknown");
		for (const { name, card } of hosts) this.#configs.set(name, card.config.digest);
		let isRefused = refused.length > 0;
		for (const { name, fault } of refused) yield failure(name, { ok: false, code: "failed", message: fault, faults: [] });
		for (const { name } of hosts.filter(isDraining)) yield { type: "skipped", host: name, message: "the host is draining" };
		const ready: Checked[] = [];
		for (const [host, answer] of await this.#checkAll(hosts.filter((each) => !isDraining(each)))) {
			if (answer.ok) {
				ready.push({ host, digest: answer.digest });
				yield { type: "checked", host: host.name, digest: answer.digest, needRestart: answer.needRestart };
			} else {
				isRefused = true;
				yield failure(host.name, answer);
			}
		}
		if (isRefused) return yield this.#end("refused");
		if (dryRun) return yield this.#end("checked");
		// This host last: if the configuration is bad, the host that tells so is the one that is left.
		ready.sort((a, b) => Number(this.#isOwn(a.host)) - Number(this.#isOwn(b.host)));
		for (const checked of ready) {
			if (signal.aborted) return yield this.#end("stopped");
			const { host } = checked;
			yield { type: "reloading", host: host.name };
			const startedAt = this.#options.clock.now();
			const answer = await this.#reload(checked);
			if (!answer.ok) {
				yield failure(host.name, answer);
				return yield this.#end("stopped");
			}
			this.#configs.set(host.name, answer.digest);
			yield { type: "reloaded", host: host.name, digest: answer.digest, durationMs: Math.round(this.#options.clock.now() - startedAt) };
		}
		yield this.#end("done");
	}

	#checkAll(hosts: readonly KnownHost[]): Promise<[KnownHost, Answer][]> {
		const never = new AbortController().signal;
		return inParallel(
			hosts,
			MAX_CHECKS,
			never,
			async (host): Promise<[KnownHost, Answer]> => [host, await this.#ask(host, { kind: "check" })],
		);
	}

	/** Reloads a host, and waits until it serves again. A host that had no usable backend before needs none after it. */
	async #reload({ host, digest }: Checked): Promise<Answer> {
		const { clock, signal } = this.#options;
		if (!(await this.#hosts.hold(HOLD_MS).catch(() => false)))
			return { ok: false, code: "failed", message: "the shared store cannot be reached, or another reload has begun", faults: [] };
		const answer = await this.#ask(host, { kind: "reload", digest });
		if (!answer.ok) return answer;
		this.#configs.set(host.name, answer.digest);
		const deadline = clock.now() + READY_MS;
		for (;;) {
			const state = await this.#ask(host, { kind: "ping" }, PING_MS);
			if (state.ok && state.digest === digest && (state.isReady || !host.card.isReady)) return { ...answer, digest: state.digest };
			if (signal.aborted || clock.now() >= deadline) return notServing(state, digest);
			await new Promise<void>((resolve) => clock.after(ASK_MS, resolve));
		}
	}

	async #ask(host: KnownHost, command: Command, timeoutMs = COMMAND_MS): Promise<Answer> {
		try {
			return await this.#hosts.ask(host.instance, command, timeoutMs);
		} catch (thrown) {
			if (!(thrown instanceof StoreError)) throw thrown;
			return { ok: false, code: "failed", message: `the host cannot be asked: ${thrown.message}`, faults: [] };
		}
	}

	#isOwn({ instance }: KnownHost): boolean {
		return instance === this.#hosts.instance;
	}

	#end(outcome: ReloadEnd["outcome"]): ReloadEnd {
		return { type: "end", outcome, configs: [...this.#configs].map(([host, digest]) => ({ host, digest })) };
	}
}

function isDraining({ card }: KnownHost): boolean {
	return card.state === "draining";
}

function failure(host: string, { code, message, faults }: Answer & { readonly ok: false }): ReloadStep {
	return { type: "failed", host, code, message, faults };
}

function notServing(state: Answer, digest: string): Answer {
	const reason = !state.ok
		? state.message
		: state.digest === digest
			? "none of its backends can be used"
			: `it uses the configuration ${state.digest.slice(0, 12)}`;
	return { ok: false, code: "failed", message: `the host was reloaded and does not serve again: ${reason}`, faults: [] };
}
