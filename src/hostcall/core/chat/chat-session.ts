import { ENOMEM, type Status } from "../../../../generated/hostcall/core/errno.ts";
import type * as cchat from "../../../../generated/ir/cchat.ts";
import type { CallOptions } from "../../../../generated/ir/types.ts";
import { guestName } from "../../../errors/guest-name.ts";
import { cancelledError, SpearError } from "../../../errors/spear-error.ts";
import { exceedsMarks } from "../../../formats/json.ts";
import { Charge } from "../../../memory/charge.ts";
import { heldBytes } from "../../../memory/held-bytes.ts";
import { fault } from "../../../normalize/fault.ts";
import { newSessionKey } from "../../session-key.ts";
import type { CoreScope } from "../core-scope.ts";
import { FdObject } from "../fd-table.ts";
import { tryCharge } from "../try-charge.ts";
import { requestMembers } from "./request-members.ts";
import { SessionParams } from "./session-params.ts";
import { readTool } from "./tool-definition.ts";

/** Memory of a session without messages, in bytes. */
const SESSION_BYTES = 1_024;

/** Range of a deadline, in milliseconds. */
const MIN_TIMEOUT_MS = 1;
const MAX_TIMEOUT_MS = 3_600_000;

/** Roles of messages by the names that guests use. `developer` is the name of newer models of OpenAI. */
const ROLES: ReadonlyMap<string, cchat.Role> = new Map<string, cchat.Role>([
	["system", "system"],
	["developer", "system"],
	["user", "user"],
	["assistant", "assistant"],
	["tool", "tool"],
]);

/** A tool of the guest. */
export interface GuestTool {
	readonly tool: cchat.Tool;
	/** Place of its function in the guest's table. */
	readonly index: number;
}

/** Settings of a send. A change during the send applies to the next one. */
export interface SendSettings {
	/** All but the messages and the tools. */
	readonly request: Omit<cchat.Request, "messages" | "tools">;
	readonly options: CallOptions;
	/** By name. */
	readonly tools: ReadonlyMap<string, GuestTool>;
}

/**
 * A conversation of a core module that the host holds: messages, tools and parameters. The guest writes what it likes, and faults show when
 * the session is sent.
 */
export class ChatSession extends FdObject {
	readonly kind = "ChatSession";
	readonly params: SessionParams;
	readonly #charge: Charge;
	readonly #maxItems: number;
	readonly #abort = new AbortController();
	readonly #key = newSessionKey();
	readonly #messages: cchat.Message[] = [];
	readonly #tools = new Map<string, GuestTool>();
	/** Messages that the guest wrote during a send, to follow the answer. Absent while no request is in flight. */
	#late: cchat.Message[] | undefined;
	#writtenMessages = 0;
	#writtenTools = 0;
	/** First message or tool that no request can hold. */
	#fault: SpearError | undefined;

	/** @throws SpearError `not_permitted` or `rate_limited` if the account of the guest has no room for the session. */
	constructor({ memory, hostTools, limits }: Pick<CoreScope, "memory" | "hostTools" | "limits">) {
		super();
		this.#maxItems = limits.maxHostcallItems;
		this.#charge = new Charge(memory, "sessions");
		this.#charge.add(SESSION_BYTES);
		this.params = new SessionParams(this.#charge, hostTools);
	}

	mask(): number {
		return 0;
	}

	/** Aborted when the session is closed. */
	get closed(): AbortSignal {
		return this.#abort.signal;
	}

	/** The conversation, oldest message first. */
	get messages(): cchat.Message[] {
		return [...this.#messages];
	}

	/** Appends a message of the guest. During a send, the message follows the answer. */
	write(role: string, text: string): Status {
		const known = ROLES.get(role);
		const path = `messages[${this.#writtenMessages}].role`;
		if (known === undefined) this.#fault ??= fault(path, `'${guestName(role)}' is not system, user, assistant or tool`);
		else {
			const message: cchat.Message = { role: known, content: [{ type: "text", text }], tool_calls: [] };
			if (tryCharge(this.#charge, heldBytes(message)) !== 0) return ENOMEM;
			(this.#late ?? this.#messages).push(message);
		}
		this.#writtenMessages += 1;
		return 0;
	}

	/** Offers a tool of the guest. Returns `enomem` for JSON of too many values, and without memory. Text that is no JSON object, and a second tool of one name, have no effect. */
	offer(index: number, definition: string): Status {
		if (exceedsMarks(definition, this.#maxItems)) return ENOMEM;
		const read = readTool(definition, `tools[${this.#writtenTools}]`);
		if (read instanceof SpearError) this.#fault ??= read;
		else if (read !== undefined && !this.#tools.has(read.name)) {
			if (tryCharge(this.#charge, heldBytes(read)) !== 0) return ENOMEM;
			this.#tools.set(read.name, { tool: read, index });
		}
		this.#writtenTools += 1;
		return 0;
	}

	/**
	 * Starts a send. Call `end` after it.
	 *
	 * @throws SpearError `invalid_request` if the session is being sent already, or if no request can hold its messages, tools or parameters.
	 */
	begin(): SendSettings {
		if (this.#late !== undefined) throw new SpearError("invalid_request", "a request of this session is in flight; wait for its response");
		if (this.#fault !== undefined) throw this.#fault;
		const { request, providerOptions } = requestMembers(this.params.model, this.params.ofRequest());
		const options = this.#options();
		this.#late = [];
		return {
			request,
			options: Object.keys(providerOptions).length === 0 ? options : { ...options, provider_options: providerOptions },
			tools: new Map(this.#tools),
		};
	}

	/** Ends a send. */
	end(): void {
		const late = this.#late ?? [];
		this.#late = undefined;
		for (const message of late) this.#messages.push(message);
	}

	/** Appends a message of the send: an answer of the model, which was paid for, or a short text of the host. */
	append(message: cchat.Message): void {
		this.#charge.count(heldBytes(message));
		this.#messages.push(message);
	}

	/** Appends a message of the send whose text is the guest's. Returns false if the account of the guest has no room for it. */
	tryAppend(message: cchat.Message): boolean {
		if (tryCharge(this.#charge, heldBytes(message)) !== 0) return false;
		this.#messages.push(message);
		return true;
	}

	override [Symbol.dispose](): void {
		this.#abort.abort(cancelledError("the session was closed"));
		this.#charge.close();
	}

	#options(): CallOptions {
		const { backend, timeoutMs } = this.params;
		const routing = {
			allowlist: [],
			denylist: [],
			preferred: [],
			...(backend === undefined ? {} : { backend }),
			session_key: this.#key,
		};
		if (timeoutMs === undefined) return { routing };
		return { routing, timeout_ms: Math.min(Math.max(timeoutMs, MIN_TIMEOUT_MS), MAX_TIMEOUT_MS) };
	}
}
