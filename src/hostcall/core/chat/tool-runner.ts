import { EIO } from "../../../../generated/hostcall/core/errno.ts";
import type * as cchat from "../../../../generated/ir/cchat.ts";
import { abortable } from "../../../async/abortable.ts";
import { type HostToolSelection, type HostTools, isHostToolName, toolErrorText } from "../../host-tools.ts";
import type { CoreScope } from "../core-scope.ts";
import type { GuestFunctions } from "../guest-functions.ts";
import type { GuestTool } from "./chat-session.ts";
import type { SessionParams } from "./session-params.ts";

/** Default and largest sizes of a tool's output, in bytes of UTF-8. */
const STANDARD_OUTPUT = 65_536;
const MAX_GUEST_OUTPUT = 1_048_576;
const MAX_HOST_OUTPUT = 10_485_760;

/** Text of a tool that no registration and no server has. */
const UNKNOWN = "unknown_tool";

/** Result of a tool, as the model receives it. */
export interface ToolOutput {
	readonly text: string;
	/** True if the tool failed and the text is the reason. */
	readonly isError: boolean;
}

/** Tools of one send, and the settings of their calls. */
export interface CallSettings {
	readonly params: SessionParams;
	/** Tools of the guest, by name. */
	readonly tools: ReadonlyMap<string, GuestTool>;
	/** The host's tools that were offered. Absent for none. */
	readonly selection: HostToolSelection | undefined;
	/** Ends a call of a tool of the host. */
	readonly signal: AbortSignal;
}

/** Runs the tools that models call: functions of the guest, and tools of the host. */
export class ToolRunner {
	readonly #scope: Pick<CoreScope, "limits" | "signal" | "hostTools">;
	readonly #guest: GuestFunctions;
	#depth = 0;

	constructor(scope: Pick<CoreScope, "limits" | "signal" | "hostTools">, guest: GuestFunctions) {
		this.#scope = scope;
		this.#guest = guest;
	}

	/** Number of the guest's tools that are running. More than one if a tool sends a session itself. */
	get depth(): number {
		return this.#depth;
	}

	/**
	 * Runs the tool of a call. The failure of a tool is a text for the model.
	 *
	 * @throws SpearError the reason of the run's signal when that is aborted.
	 */
	async run(call: cchat.ToolCall, settings: CallSettings): Promise<ToolOutput> {
		const own = settings.tools.get(call.name);
		if (own !== undefined) return this.#runOwn(call, own, settings.params);
		const { hostTools } = this.#scope;
		if (hostTools === undefined || settings.selection === undefined || !isHostToolName(call.name)) {
			return failure(UNKNOWN, `unknown tool: ${call.name}`);
		}
		return this.#runHosts(call, hostTools, settings.selection, settings);
	}

	async #runOwn(call: cchat.ToolCall, { index }: GuestTool, params: SessionParams): Promise<ToolOutput> {
		this.#depth += 1;
		try {
			const input = Buffer.from(call.arguments);
			const started = this.#guest.callTool({ index, input, arena: params.arena, maxOutputBytes: this.#limit(params, MAX_GUEST_OUTPUT) });
			const result = await abortable(started, this.#scope.signal);
			const text = "output" in result ? decoded(result.output) : undefined;
			if (text !== undefined) return { text, isError: false };
			return failure("tool_exec_failed", `tool rc: ${"code" in result ? result.code : EIO}`);
		} finally {
			this.#depth -= 1;
		}
	}

	async #runHosts(
		{ name, arguments: args }: cchat.ToolCall,
		hostTools: HostTools,
		selection: HostToolSelection,
		{ params, signal }: CallSettings,
	): Promise<ToolOutput> {
		const maxOutputBytes = this.#limit(params, MAX_HOST_OUTPUT);
		const result = await abortable(hostTools.call({ selection, name, arguments: args, maxOutputBytes }, signal), signal);
		if ("failure" in result) return failure(result.failure.code, result.failure.message);
		return { text: result.output, isError: result.isError };
	}

	#limit(params: SessionParams, most: number): number {
		return Math.min(params.maxToolOutputBytes ?? STANDARD_OUTPUT, most, this.#scope.limits.maxToolOutputBytes);
	}
}

function failure(code: Parameters<typeof toolErrorText>[0], message: string): ToolOutput {
	return { text: toolErrorText(code, message), isError: true };
}

/** Returns the text of UTF-8, or `undefined` for other bytes. */
function decoded(bytes: Uint8Array): string | undefined {
	try {
		return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
	} catch {
		return undefined;
	}
}
