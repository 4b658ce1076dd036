import type { OptionReader } from "../option-reader.ts";

/** Options for the parts of an answer that only their provider understands. */
export interface OpaqueOptions {
	/**
	 * Name of the upstream in opaque parts. Such parts are returned only to instances with the same provider, so several instances of
	 * one provider need the same name. The default is the name of the instance.
	 */
	readonly provider: string;
	/** Returns reasoning and opaque parts to the provider that sent them. The default is true. */
	readonly sendOpaque: boolean;
}

/** Reads `provider` and `send_opaque`. `instance` is the name of the instance. */
export function readOpaqueOptions(reader: OptionReader, instance: string): OpaqueOptions {
	return { provider: reader.string("provider") ?? instance, sendOpaque: reader.boolean("send_opaque") ?? true };
}
