/** Names in the files of a new backend kind. */
export interface Names {
	/** Name of the kind, such as `my-vendor`. */
	readonly kind: string;
	/** Name of the constant with the kind, such as `myVendor`. */
	readonly constant: string;
	/** Version of this package. */
	readonly version: string;
	readonly operations: readonly TemplateOperation[];
}

/** Operations that there are templates for. */
export const TEMPLATE_OPERATIONS = ["chat_completions", "embeddings"] as const;

export type TemplateOperation = (typeof TEMPLATE_OPERATIONS)[number];

/** Returns the names for a kind. */
export function namesOf(kind: string, operations: readonly TemplateOperation[], version: string): Names {
	return { kind, constant: kind.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase()), version, operations };
}
