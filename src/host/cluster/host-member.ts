import type { ConfigState, HostCard, HostLoad, HostState } from "../../cluster/host-card.ts";
import type { MemberSource } from "../../cluster/membership/membership.ts";
import type { Answer, Command } from "../../cluster/membership/messages.ts";
import { ConfigError } from "../../config/config-error.ts";
import { causeChain } from "../../errors/cause-chain.ts";
import { packageManifest } from "../../packages/package-manifest.ts";
import type { ReloadReport } from "../reload-report.ts";

/** The parts of a host that the other hosts see. */
export interface HostMemberParts {
	readonly config: () => ConfigState;
	readonly state: () => HostState;
	readonly isReady: () => boolean;
	readonly load: () => HostLoad;
	/** Reloads the host's own configuration. */
	readonly reload: (dryRun: boolean) => Promise<ReloadReport>;
	readonly redact: (text: string) => string;
	/** Returns milliseconds since 1970. */
	readonly wallClock: () => number;
}

/** This host as the other hosts see it: its card, and the commands that it carries out for them. */
export class HostMember implements MemberSource {
	readonly #parts: HostMemberParts;
	readonly #startedAtMs: number;

	constructor(parts: HostMemberParts) {
		this.#parts = parts;
		this.#startedAtMs = parts.wallClock();
	}

	card(): HostCard {
		const { config, state, isReady, load } = this.#parts;
		return {
			version: packageManifest().version,
			startedAtMs: this.#startedAtMs,
			state: state(),
			isReady: isReady(),
			config: config(),
			load: load(),
		};
	}

	async run(command: Command): Promise<Answer> {
		try {
			if (command.kind === "ping") return this.#present([]);
			const { digest, needRestart } = await this.#parts.reload(true);
			if (command.kind === "check") return { ...this.#present(needRestart), digest };
			if (digest !== command.digest)
				return { ok: false, code: "changed", message: "the configuration of the host has changed since the check", faults: [] };
			await this.#parts.reload(false);
			return this.#present(needRestart);
		} catch (thrown) {
			return this.#failure(thrown);
		}
	}

	#present(needRestart: readonly string[]): Answer & { readonly ok: true } {
		const { config, isReady, state } = this.#parts;
		return { ok: true, digest: config().digest, isReady: isReady() && state() === "serving", needRestart };
	}

	/** The message of a failure goes to another host, and so over the store. Secrets are redacted as in the log. */
	#failure(thrown: unknown): Answer {
		const { redact } = this.#parts;
		if (!(thrown instanceof ConfigError)) return { ok: false, code: "failed", message: redact(causeChain(thrown)), faults: [] };
		const faults = thrown.faults.map(({ path, line, message }) => ({
			path: redact(path),
			...(line === undefined ? {} : { line }),
			message: redact(message),
		}));
		const count = faults.length === 1 ? "a fault" : `${faults.length} faults`;
		return { ok: false, code: "invalid_config", message: `the configuration of the host has ${count}`, faults };
	}
}
