import type * as cchat from "../../generated/ir/cchat.ts";
import type { JsonObject } from "../../generated/ir/json.ts";
import { abortable } from "../async/abortable.ts";
import { guestName } from "../errors/guest-name.ts";
import { abortError } from "../errors/spear-error.ts";
import { parseJson } from "../formats/json.ts";
import { shorten } from "../formats/shorten.ts";
import { type HostToolCall, type HostToolResult, type HostToolSelection, type HostTools, selectionFault } from "../hostcall/host-tools.ts";
import { cutUtf8 } from "../hostcall/log-line.ts";
import type { Redact } from "../redaction/secrets.ts";
import type { ToolCallEvent } from "../telemetry/host-event.ts";
import type { Clock } from "../time/clock.ts";
import type { McpServer } from "./mcp-server.ts";
import type { McpServers } from "./mcp-servers.ts";
import { isObject, type McpTool } from "./mcp-tool.ts";
import { offeredName, plainName } from "./tool-name.ts";
import { matchesAny } from "./tool-pattern.ts";

/** Most calls of one instance of a guest that are in flight. Sends of many sessions make more than one. */
const MAX_CALLS = 16;

/** Longest message of a failure, in characters. */
const MAX_MESSAGE = 1_000;

export interface GuestToolsOptions {
	readonly servers: McpServers;
	/** Returns the ids of the servers that the guest may use, by the configuration of now. */
	readonly allowed: () => readonly string[];
	/** Removes keys of the host from outputs: a server reads files, and may read those of the host's own process. */
	readonly redact: Redact;
	readonly clock: Clock;
	/** Receives an event of each call, after its end. */
	readonly onCall: (event: ToolCallEvent) => void;
}

/** A tool that a selection offers. */
interface Offer {
	readonly server: McpServer;
	readonly tool: McpTool;
}

/** The tools of the host's servers, for one instance of a guest. */
export class GuestTools implements HostTools {
	readonly #options: GuestToolsOptions;
	#calls = 0;

	constructor(options: GuestToolsOptions) {
		this.#options = options;
	}

	get servers(): readonly string[] {
		return this.#options.allowed().filter((id) => this.#options.servers.get(id) !== undefined);
	}

	async list(selection: HostToolSelection, signal: AbortSignal): Promise<cchat.Tool[]> {
		const offers = await abortable(this.#offers(selection), signal);
		return offers.map(({ server, tool }) => ({
			name: offeredName(server.settings.id, tool.name),
			...(tool.description === undefined ? {} : { description: tool.description }),
			parameters: tool.parameters,
		}));
	}

	async call(call: HostToolCall, signal: AbortSignal): Promise<HostToolResult> {
		const offer = await abortable(this.#find(call), signal);
		if (offer === undefined) return { failure: { code: "unknown_tool", message: `unknown tool: ${guestName(call.name)}` } };
		const { server, tool } = offer;
		const begin = this.#options.clock.now();
		const report = (outcome: ToolCallEvent["outcome"], bytes: number, message?: string): void =>
			this.#options.onCall({
				type: "tool-call",
				server: server.settings.id,
				tool: guestName(tool.name),
				durationMs: this.#options.clock.now() - begin,
				bytes,
				outcome,
				...(message === undefined ? {} : { message }),
			});
		try {
			const result = await this.#run(offer, call, signal);
			report(result.isError ? "error" : "ok", Buffer.byteLength(result.output));
			return result;
		} catch (thrown) {
			if (signal.aborted) {
				report("cancelled", 0);
				throw abortError(signal);
			}
			const message = this.#options.redact(shorten(thrown instanceof Error ? thrown.message : String(thrown), MAX_MESSAGE), { cut: true });
			report("failed", 0, message);
			return { failure: { code: "mcp_tool_failed", message } };
		}
	}

	async #run(
		{ server, tool }: Offer,
		call: HostToolCall,
		signal: AbortSignal,
	): Promise<{ readonly output: string; readonly isError: boolean }> {
		const args = argumentsOf(call.arguments);
		if (this.#calls >= MAX_CALLS) throw new Error(`${MAX_CALLS} calls of tools are in flight; wait for one of them`);
		this.#calls += 1;
		try {
			const result = await server.call(tool.name, args, signal);
			const limit = Math.min(call.maxOutputBytes, server.settings.maxOutputBytes);
			return { output: cutUtf8(this.#options.redact(JSON.stringify(result)), limit), isError: result.isError === true };
		} finally {
			this.#calls -= 1;
		}
	}

	async #find(call: HostToolCall): Promise<Offer | undefined> {
		const offers = await this.#offers(call.selection);
		return offers.find(({ server: { settings }, tool }) =>
			[offeredName, plainName].some((nameOf) => nameOf(settings.id, tool.name) === call.name),
		);
	}

	/** Returns the tools that the configuration and the selection allow, in an order that does not depend on the servers. */
	async #offers(selection: HostToolSelection): Promise<readonly Offer[]> {
		if (selectionFault(selection) !== undefined) return [];
		const { allow, deny } = selection;
		const ids = this.servers.filter((id) => selection.servers.includes(id)).sort();
		const servers = ids.flatMap((id) => this.#options.servers.get(id) ?? []);
		const offers = await Promise.all(
			servers.map(async (server) => {
				const { allowedTools } = server.settings;
				const isOffered = ({ name }: McpTool): boolean =>
					matchesAny(allowedTools, name) && (allow.length === 0 || matchesAny(allow, name)) && !matchesAny(deny, name);
				if (allowedTools.length === 0) return [];
				const tools = (await server.tools()).filter(isOffered);
				return tools.sort((a, b) => (a.name < b.name ? -1 : 1)).map((tool) => ({ server, tool }));
			}),
		);
		return offers.flat();
	}
}

/** @throws Error for text that is no object. No text counts as one without members, as models write it. */
function argumentsOf(text: string): JsonObject {
	if (text.trim() === "") return {};
	let value: unknown;
	try {
		value = parseJson(text);
	} catch {}
	if (!isObject(value)) throw new Error("the arguments are not a JSON object");
	return value;
}
