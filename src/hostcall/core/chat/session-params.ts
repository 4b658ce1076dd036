import { EACCES, EINVAL, EIO, ENOMEM, type Status } from "../../../../generated/hostcall/core/errno.ts";
import type { JsonValue } from "../../../../generated/ir/json.ts";
import { MAX_JSON_DEPTH } from "../../../formats/json.ts";
import type { Charge } from "../../../memory/charge.ts";
import { heldBytes } from "../../../memory/held-bytes.ts";
import type { HostToolSelection, HostTools } from "../../host-tools.ts";
import { countOf, isDeeperThan, textOf } from "../json-object.ts";
import { tryCharge } from "../try-charge.ts";

/** Settings that the host reads. None of them reaches an upstream under its name. */
const STRUCTURAL = new Set([
	"model",
	"backend",
	"timeout_ms",
	"messages",
	"tools",
	"tool_arena_ptr",
	"tool_arena_len",
	"max_iterations",
	"max_total_tool_calls",
	"max_tool_calls",
	"max_tool_output_bytes",
]);

/** Beginning of the settings of MCP servers. */
const MCP = "mcp.";
/** Settings that only the operator may make. */
const OPERATORS = "mcp.task_";
const LISTS = new Set(["mcp.server_ids", "mcp.tool_allowlist", "mcp.tool_denylist"]);

/** Bounds of a send: the default, and the most that a guest may ask for. */
const BOUNDS = {
	max_iterations: { standard: 8, most: 128 },
	max_total_tool_calls: { standard: 32, most: 10_000 },
} as const;

/** Most parameters of a session. Requests have fewer than 40. */
const MAX_PARAMS = 1_024;

/** Largest number of a pointer or a length in a guest's memory. */
const MAX_POINTER = 2 ** 32 - 1;

/** Parameters of a chat session, by the names that guests use. */
export class SessionParams {
	readonly #values = new Map<string, JsonValue>();
	readonly #charge: Charge;
	readonly #hostTools: HostTools | undefined;

	/** @param charge Charged with every value. The owner closes it. */
	constructor(charge: Charge, hostTools: HostTools | undefined) {
		this.#charge = charge;
		this.#hostTools = hostTools;
	}

	/**
	 * Sets a parameter, or removes it if `value` is null. Errnos:
	 *
	 * - `eio` without a key, and for a value that is nested too deeply;
	 * - `einval` for a setting of MCP servers that has another type than it should;
	 * - `eacces` for a setting that is not the guest's to make;
	 * - `enomem` for too many parameters, or if the guest has no memory left.
	 */
	set(key: string, value: JsonValue): Status {
		if (key === "" || isDeeperThan(value, MAX_JSON_DEPTH)) return EIO;
		const refusal = key.startsWith(MCP) ? this.#checkMcp(key, value) : 0;
		if (refusal !== 0) return refusal;
		const former = this.#values.get(key);
		if (former === undefined && this.#values.size >= MAX_PARAMS) return ENOMEM;
		const held = former === undefined ? 0 : heldBytes([key, former]);
		const bytes = value === null ? 0 : heldBytes([key, value]);
		const charged = bytes > held ? tryCharge(this.#charge, bytes - held) : 0;
		if (charged !== 0) return charged;
		if (bytes < held) this.#charge.release(held - bytes);
		if (value === null) this.#values.delete(key);
		else this.#values.set(key, value);
		return 0;
	}

	/** Requested model. Absent for none. */
	get model(): string | undefined {
		return textOf(this.#values.get("model"));
	}

	/** The only backend instance that may serve a request. Absent for no restriction. */
	get backend(): string | undefined {
		return textOf(this.#values.get("backend"));
	}

	/** Deadline of one request, in milliseconds. Absent for that of the host. */
	get timeoutMs(): number | undefined {
		return countOf(this.#values.get("timeout_ms"));
	}

	/** Part of the guest's memory where tools receive arguments and leave output. */
	get arena(): { readonly pointer: number; readonly length: number } {
		return { pointer: this.#pointer("tool_arena_ptr"), length: this.#pointer("tool_arena_len") };
	}

	/** Most requests of a send. */
	get maxIterations(): number {
		const { standard, most } = BOUNDS.max_iterations;
		return Math.min(countOf(this.#values.get("max_iterations")) ?? standard, most);
	}

	/** Most tool calls of a send. */
	get maxTotalToolCalls(): number {
		const { standard, most } = BOUNDS.max_total_tool_calls;
		const asked = countOf(this.#values.get("max_total_tool_calls")) ?? countOf(this.#values.get("max_tool_calls"));
		return Math.min(asked ?? standard, most);
	}

	/** Largest output of a tool, in bytes of UTF-8. Absent for that of the host. */
	get maxToolOutputBytes(): number | undefined {
		return countOf(this.#values.get("max_tool_output_bytes"));
	}

	/** The host's tools that requests offer. Absent for none. */
	get hostTools(): HostToolSelection | undefined {
		if (this.#hostTools === undefined || this.#values.get("mcp.enabled") !== true) return undefined;
		const servers = this.#texts("mcp.server_ids") ?? this.#hostTools.servers;
		if (servers.length === 0) return undefined;
		return { servers, allow: this.#texts("mcp.tool_allowlist") ?? [], deny: this.#texts("mcp.tool_denylist") ?? [] };
	}

	/** Parameters of the request itself. */
	*ofRequest(): Generator<readonly [string, JsonValue]> {
		for (const entry of this.#values) if (!STRUCTURAL.has(entry[0]) && !entry[0].startsWith(MCP)) yield entry;
	}

	#checkMcp(key: string, value: JsonValue): Status {
		if (key.startsWith(OPERATORS)) return EACCES;
		const allowed = this.#hostTools?.servers;
		if (key === "mcp.enabled") {
			if (typeof value !== "boolean") return EINVAL;
			return value && allowed?.length === 0 ? EACCES : 0;
		}
		if (!LISTS.has(key)) return 0;
		const texts = textsOf(value);
		if (texts === undefined) return EINVAL;
		return key === "mcp.server_ids" && allowed !== undefined && texts.some((id) => !allowed.includes(id)) ? EACCES : 0;
	}

	#texts(key: string): readonly string[] | undefined {
		return textsOf(this.#values.get(key));
	}

	#pointer(key: string): number {
		const value = countOf(this.#values.get(key)) ?? 0;
		return value > MAX_POINTER ? 0 : value;
	}
}

function textsOf(value: JsonValue | undefined): readonly string[] | undefined {
	return Array.isArray(value) && value.every((item) => typeof item === "string") ? value : undefined;
}
