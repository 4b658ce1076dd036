import type { ClientSettings } from "../../config/serve-settings.ts";
import { guestName } from "../../errors/guest-name.ts";
import { SpearError } from "../../errors/spear-error.ts";
import type { HostClient } from "../../host/client.ts";
import { HttpError } from "../http-error.ts";
import type { ClientUse } from "./client-load.ts";

/** Operations, models and agents of a client. Absent members permit all. */
export type Scopes = Pick<ClientSettings, "operations" | "models" | "agents">;

/** A client of the server, with what it may use. */
export class ServedClient {
	/** Name in the configuration; `anonymous` without clients. */
	readonly name: string;
	/** Name of the guest whose limits apply. */
	readonly guest: string;
	/** Sends the client's requests. */
	readonly hostClient: HostClient;
	/** Resources that the client's requests in progress use. */
	readonly use: ClientUse = { requests: 0, bodyBytes: 0 };
	readonly #abort = new AbortController();
	readonly #scopes: Scopes;

	constructor(name: string, guest: string, hostClient: HostClient, scopes: Scopes) {
		this.name = name;
		this.guest = guest;
		this.hostClient = hostClient;
		this.#scopes = scopes;
	}

	/** Aborted when the client is removed or changed, and when the server closes. */
	get signal(): AbortSignal {
		return this.#abort.signal;
	}

	/** Cancels the client's requests and runs. */
	close(): void {
		this.#abort.abort(new SpearError("cancelled", "the client was removed or changed"));
		void this.hostClient.close();
	}

	/**
	 * Checks a request to a model.
	 *
	 * @param model Model that the request names. `undefined` for none.
	 * @throws HttpError 403 for what the client may not use.
	 */
	check(operation: string, model: string | undefined): void {
		const { operations, models } = this.#scopes;
		if (operations?.includes(operation) === false)
			throw new HttpError(403, "not_permitted", `this key may not use ${operation}; it may use ${listed(operations)}`);
		if (models === undefined) return;
		if (model === undefined)
			throw new HttpError(403, "not_permitted", `this key may use some models only; name one: ${listed(models)}`, { param: "model" });
		if (!models.some((pattern) => matches(pattern, model)))
			throw new HttpError(403, "not_permitted", `this key may not use the model '${guestName(model)}'; it may use ${listed(models)}`, {
				param: "model",
			});
	}

	/** Returns true if the client may use an operation. */
	mayUse(operation: string): boolean {
		return this.#scopes.operations?.includes(operation) !== false;
	}

	/** Returns true if the client may use a model. */
	mayUseModel(model: string): boolean {
		return this.#scopes.models?.some((pattern) => matches(pattern, model)) !== false;
	}

	/** Returns true if the client may run an agent. */
	mayRun(agent: string): boolean {
		return this.#scopes.agents?.includes(agent) !== false;
	}
}

/** Names that a message lists at most. */
const MAX_NAMED = 8;

function listed(names: readonly string[]): string {
	if (names.length === 0) return "none";
	const more = names.length > MAX_NAMED ? ` and ${names.length - MAX_NAMED} more` : "";
	return names.slice(0, MAX_NAMED).map(guestName).join(", ") + more;
}

function matches(pattern: string, model: string): boolean {
	return pattern.endsWith("*") ? model.startsWith(pattern.slice(0, -1)) : model === pattern;
}
