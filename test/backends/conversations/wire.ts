import type { BackendKind, InstanceConfig } from "../../../src/backends/backend.ts";
import type { Behaviour, ReceivedRequest } from "../../helpers/openai-server.ts";

/** An answer of a model, whatever the vendor. */
export interface ModelTurn {
	readonly text?: string;
	/** Disclosed reasoning. The vendor seals it, if it seals reasoning. */
	readonly reasoning?: string;
	readonly calls?: readonly ModelCall[];
}

export interface ModelCall {
	/** Name of the city. The argument of the tool `weather`. */
	readonly city: string;
}

/** A part of a conversation, as a request carries it to an upstream. */
export type Said =
	| { readonly type: "system" | "user" | "assistant"; readonly text: string }
	| { readonly type: "image" | "audio" | "file"; readonly base64: string }
	| { readonly type: "reasoning"; readonly text: string }
	| { readonly type: "call"; readonly id: string; readonly name: string; readonly city: string }
	| { readonly type: "result"; readonly id: string; readonly text: string };

/** A vendor's wire form, for conversations that pass through several vendors. */
export interface VendorWire {
	readonly kind: BackendKind;
	/** Name in tests. The default is the name of the kind. */
	readonly name?: string;
	readonly config: Partial<InstanceConfig>;
	/** Matches the ids of tool calls that the vendor accepts. A vendor without ids pairs calls and results by position. */
	readonly callId: RegExp | "by position";
	/** True if the vendor seals reasoning and receives it back. */
	readonly sealsReasoning: boolean;
	/** Answers with a turn of the model. `turn` counts from 0. */
	answer(turn: ModelTurn, index: number): Behaviour;
	/** Returns what a request says, in order. System texts come first where the vendor keeps them apart. */
	read(request: ReceivedRequest): Said[];
}

/** Returns an object's member as an object. Fails for another value. */
export function objectIn(value: unknown, name: string): Readonly<Record<string, unknown>> {
	const member = (value as Readonly<Record<string, unknown>> | undefined)?.[name];
	if (typeof member !== "object" || member === null) throw new Error(`${name} is not an object in ${JSON.stringify(value)}`);
	return member as Readonly<Record<string, unknown>>;
}

/** Returns the items of an object's member that is a list. An absent member has none. */
export function itemsIn(value: unknown, name: string): readonly Readonly<Record<string, unknown>>[] {
	const member = (value as Readonly<Record<string, unknown>> | undefined)?.[name];
	if (member === undefined || member === null) return [];
	if (!Array.isArray(member)) throw new Error(`${name} is not a list in ${JSON.stringify(value)}`);
	return member;
}

/** Returns the bytes of a data URL, as base64. */
export function base64Of(url: string): string {
	return url.replace(/^data:[^,]*,/, "");
}

/** Returns an object's member as a text. Fails for another value. */
export function textIn(value: unknown, name: string): string {
	const member = (value as Readonly<Record<string, unknown>> | undefined)?.[name];
	if (typeof member !== "string") throw new Error(`${name} is not a text in ${JSON.stringify(value)}`);
	return member;
}
