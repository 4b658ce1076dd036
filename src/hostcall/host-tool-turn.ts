import type * as cchat from "../../generated/ir/cchat.ts";
import { type HostToolSelection, type HostTools, isHostToolName, toolErrorText } from "./host-tools.ts";

/** Reasons for which a response has no further calls: the model has ended it. Others have cut it, and may have cut its arguments. */
const WHOLE: ReadonlySet<cchat.FinishReason> = new Set(["tool_calls", "stop", "other"]);

/** The host's tools that one send offers. */
export class HostToolTurn {
	/** The tools, as the request offers them. */
	readonly offered: readonly cchat.Tool[];
	readonly #tools: HostTools;
	readonly #selection: HostToolSelection;
	readonly #guestNames: ReadonlySet<string>;

	private constructor(tools: HostTools, selection: HostToolSelection, guestNames: ReadonlySet<string>, offered: readonly cchat.Tool[]) {
		this.#tools = tools;
		this.#selection = selection;
		this.#guestNames = guestNames;
		this.offered = offered;
	}

	/**
	 * Asks the servers for their tools.
	 *
	 * @param guestNames Names of the guest's own tools, which replace those of the host.
	 * @throws The reason of `signal` when it is aborted.
	 */
	static async open(
		tools: HostTools,
		selection: HostToolSelection,
		guestNames: ReadonlySet<string>,
		signal: AbortSignal,
	): Promise<HostToolTurn> {
		const listed = await tools.list(selection, signal);
		return new HostToolTurn(
			tools,
			selection,
			guestNames,
			listed.filter(({ name }) => !guestNames.has(name)),
		);
	}

	/** Returns true for the name of a tool that the host runs, or refuses as unknown: no guest can answer for it. */
	runs(name: string): boolean {
		return !this.#guestNames.has(name) && isHostToolName(name);
	}

	/** Returns the calls of a response that the host answers. */
	callsOf({ message }: cchat.Response): cchat.ToolCall[] {
		return message.tool_calls.filter(({ name }) => this.runs(name));
	}

	/** Returns a response without the calls that the host has answered. */
	forGuest(response: cchat.Response): cchat.Response {
		const tool_calls = response.message.tool_calls.filter(({ name }) => !this.runs(name));
		return { ...response, message: { ...response.message, tool_calls } };
	}

	/**
	 * Runs a call.
	 *
	 * @param maxOutputBytes Longest output, in bytes of UTF-8.
	 * @returns The message with the result, or with the reason of the failure for the model.
	 * @throws The reason of `signal` when it is aborted.
	 */
	async run(call: cchat.ToolCall, maxOutputBytes: number, signal: AbortSignal): Promise<cchat.Message> {
		const { name, arguments: text } = call;
		const result = await this.#tools.call({ selection: this.#selection, name, arguments: text, maxOutputBytes }, signal);
		if ("failure" in result) return resultOf(call, toolErrorText(result.failure.code, result.failure.message), true);
		return resultOf(call, result.output, result.isError);
	}
}

/** Returns true for a response that the model has ended by itself, so that its calls are whole. */
export function isWhole({ finish_reason }: cchat.Response): boolean {
	return WHOLE.has(finish_reason);
}

/** Returns the message in place of the result of a call that the host does not run. */
export function refusedCall(call: cchat.ToolCall, reason: string): cchat.Message {
	return resultOf(call, toolErrorText("tool_exec_failed", reason), true);
}

function resultOf({ id }: cchat.ToolCall, output: string, isError: boolean): cchat.Message {
	return {
		role: "tool",
		tool_call_id: id,
		content: [{ type: "text", text: output }],
		tool_calls: [],
		...(isError ? { is_error: true } : {}),
	};
}
