import { basename } from "node:path";
import type { AgentSettings } from "../../config/serve-settings.ts";
import { SpearError } from "../../errors/spear-error.ts";
import type { Agent } from "../../host/agent.ts";
import { watchFile } from "../../host/file-watcher.ts";
import type { Host } from "../../host/host.ts";
import { HttpError } from "../http-error.ts";
import { AgentVersion } from "./agent-version.ts";
import { componentFingerprint } from "./component-fingerprint.ts";

/** Most loads in a row of a component that changes while it is loaded. A later change is found by the watch. */
const MAX_LOADS = 3;

/** Parts of a server that its agents use. */
export interface ServedAgentContext {
	readonly host: Pick<Host, "load" | "logger">;
	/** True to load a component again when it changes on disk. */
	readonly watch: boolean;
}

/** A place of a run. */
export interface RunPlace {
	readonly agent: Agent;
	/** Frees the place. Safe to call twice. */
	end(): void;
}

/**
 * An agent of the configuration. A rebuilt component is loaded beside the former one: new runs use it, and the former one is closed after its last
 * run. If the rebuilt component cannot be loaded, the former one stays.
 */
export class ServedAgent {
	readonly #context: ServedAgentContext;
	#settings: AgentSettings;
	readonly #abort = new AbortController();
	#current: AgentVersion | undefined;
	/** Former versions whose runs have not ended. */
	readonly #former = new Set<AgentVersion>();
	#fault: string | undefined;
	/** Source of the last load: path, guest and fingerprint. */
	#loaded = "";
	/** Ends after the loads so far. Loads do not overlap. */
	#loading: Promise<void>;
	#unwatch: () => void;

	constructor(settings: AgentSettings, context: ServedAgentContext) {
		this.#settings = settings;
		this.#context = context;
		this.#loading = this.#load();
		this.#unwatch = this.#watch();
	}

	get settings(): AgentSettings {
		return this.#settings;
	}

	/** Form of the guest. Absent before a component is loaded. */
	get abi(): Agent["abi"] | undefined {
		return this.#current?.agent.abi;
	}

	get isLoaded(): boolean {
		return this.#current !== undefined;
	}

	/** Reason for which the component, or the rebuilt one, cannot be loaded, without its directory. Absent for none. */
	get fault(): string | undefined {
		return this.#fault;
	}

	/** Number of runs, those of former versions too. */
	get running(): number {
		let running = this.#current?.running ?? 0;
		for (const version of this.#former) running += version.running;
		return running;
	}

	/** Resolves when no load is in progress. */
	async settled(): Promise<void> {
		let last: Promise<void> | undefined;
		while (last !== this.#loading) {
			last = this.#loading;
			await last;
		}
	}

	/**
	 * Checks that one more run may begin, before its body is read.
	 *
	 * @throws HttpError 429 at `max_running`.
	 */
	checkPlace(): void {
		const { name, maxRunning } = this.#settings;
		if (this.running >= maxRunning)
			throw new HttpError(429, "rate_limited", `the agent '${name}' has ${maxRunning} runs, its limit (max_running); try again later`, {
				headers: { "retry-after": "1" },
			});
	}

	/**
	 * Returns the place of a new run. Waits for a load in progress only if nothing is loaded yet.
	 *
	 * @throws HttpError 429 at `max_running`; 503 if the component cannot be loaded.
	 */
	async begin(): Promise<RunPlace> {
		if (this.#current === undefined) await this.settled();
		const version = this.#current;
		if (version === undefined) {
			const reason = this.#fault ?? "it was removed";
			throw new HttpError(503, "agent_unavailable", `the agent '${this.#settings.name}' cannot run: ${reason}`);
		}
		this.checkPlace();
		const end = version.begin();
		return {
			agent: version.agent,
			end: () => {
				end();
				if (version.running === 0) this.#former.delete(version);
			},
		};
	}

	/** Replaces the settings, and loads the component again if it has changed. */
	configure(settings: AgentSettings): void {
		const before = this.#settings;
		this.#settings = settings;
		if (before.component !== settings.component) {
			this.#unwatch();
			this.#unwatch = this.#watch();
		}
		this.check();
	}

	/** Loads the component again if it has changed since the last load. */
	check(): void {
		this.#loading = this.#loading.then(() => this.#load());
	}

	/** Refuses further runs. Runs in progress end as they would. */
	retire(): void {
		this.#unwatch();
		this.#abort.abort(new SpearError("cancelled", "the agent was removed"));
		this.#replace(undefined);
	}

	#watch(): () => void {
		if (!this.#context.watch) return () => {};
		const { name, component } = this.#settings;
		const onFailure = (cause: unknown): void =>
			this.#context.host.logger.warn(
				{ agent: name, cause: String(cause) },
				`${component} cannot be watched by notifications, so that changes are found by a check every ten seconds`,
			);
		return watchFile(component, () => this.check(), onFailure);
	}

	async #load(): Promise<void> {
		for (let loads = 0; loads < MAX_LOADS && !this.#abort.signal.aborted; loads += 1) {
			const source = await this.#source();
			// An absent component is being replaced.
			if (source === this.#loaded || (source === undefined && this.#current !== undefined)) return;
			const loaded = await this.#tryLoad();
			const isStale = source !== (await this.#source());
			if ("agent" in loaded) this.#use(loaded.agent);
			else if (!isStale || loads === MAX_LOADS - 1) this.#report(loaded.thrown);
			this.#loaded = isStale ? "" : (source ?? "");
			if (!isStale) return;
		}
	}

	/** Returns a text that differs if another load would have another result. `undefined` for a component that is absent. */
	async #source(): Promise<string | undefined> {
		const { component, guest } = this.#settings;
		const fingerprint = await componentFingerprint(component);
		return fingerprint === undefined ? undefined : JSON.stringify([component, guest, fingerprint]);
	}

	async #tryLoad(): Promise<{ readonly agent: Agent } | { readonly thrown: unknown }> {
		const { component, guest } = this.#settings;
		try {
			return { agent: await this.#context.host.load(component, { guest, signal: this.#abort.signal }) };
		} catch (thrown) {
			return { thrown };
		}
	}

	#use(agent: Agent): void {
		const version = new AgentVersion(agent);
		if (this.#abort.signal.aborted) {
			version.retire();
			return;
		}
		const { name } = this.#settings;
		if (this.#current !== undefined || this.#fault !== undefined)
			this.#context.host.logger.info({ agent: name }, `agent ${name}: its component was loaded again`);
		this.#fault = undefined;
		this.#replace(version);
	}

	#replace(version: AgentVersion | undefined): void {
		const former = this.#current;
		this.#current = version;
		if (former === undefined) return;
		if (former.running > 0) this.#former.add(former);
		former.retire();
	}

	#report(thrown: unknown): void {
		if (this.#abort.signal.aborted) return;
		const { name, component } = this.#settings;
		const { message } = SpearError.from(thrown);
		const fault = message.replaceAll(component, basename(component));
		if (fault === this.#fault) return;
		this.#fault = fault;
		const effect = this.#current === undefined ? "its runs are answered with 503" : "the former component stays in use";
		this.#context.host.logger.error({ agent: name }, `agent ${name} cannot be loaded, ${effect}: ${message}`);
	}
}
