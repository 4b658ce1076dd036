import type { SpearError } from "../../errors/spear-error.ts";
import type { AttemptRole } from "../decision/explanation.ts";

/** An attempt that starts. */
export interface AttemptSubject {
	/** Name of the instance. */
	readonly backend: string;
	readonly role: AttemptRole;
}

/** Observes one attempt, for a trace. No method throws. */
export interface AttemptObserver {
	/** The W3C `traceparent` that the upstream receives. `undefined` for none. */
	readonly traceparent: string | undefined;
	/** Called when the attempt has its first output. */
	onFirstOutput(): void;
	/** Called when the answer of the request comes from this attempt. */
	onChosen(): void;
	/** Called once, when the attempt has ended, or has opened its session. `failure` is absent for a success. */
	end(failure?: SpearError): void;
}
