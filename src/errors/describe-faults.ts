import { guestName } from "./guest-name.ts";
/** The members of a validation error that these descriptions use. */
export interface SchemaFault {
	readonly instancePath: string;
	readonly within?: "oneOf" | "propertyNames";
	readonly keyword: string;
	readonly params: Readonly<Record<string, unknown>>;
	readonly message?: string | undefined;
}

/** Spelling of the path that begins each line. */
interface PathStyle {
	/** Returns the path of the value that a JSON Pointer leads to. */
	readonly of: (pointer: string) => string;
	readonly join: (path: string, member: string) => string;
	/** Path of the whole value. */
	readonly root: string;
}

const AS_CODE: PathStyle = { of: readablePath, join, root: "value" };

/**
 * Returns one line for each fault, beginning with the member as code spells it: `messages[0].content: must …`. Never repeats a value,
 * because a value may be a key.
 */
export function describeFaults(faults: readonly SchemaFault[]): string[] {
	return describe(faults, AS_CODE);
}

/**
 * Returns one line for each fault of a JSON text, beginning with the member as a JSON Pointer: `/messages/0/content: must …`.
 *
 * @param root Name of the whole text.
 */
export function describeFaultsByPointer(faults: readonly SchemaFault[], root: string): string[] {
	const join = (pointer: string, member: string): string => `${pointer}/${member.replaceAll("~", "~0").replaceAll("/", "~1")}`;
	return describe(faults, { of: (pointer) => pointer, join, root });
}

function describe(faults: readonly SchemaFault[], style: PathStyle): string[] {
	const lines = faults.filter((fault) => !isRedundant(fault)).map((fault) => describeFault(fault, style));
	return [...new Set(lines)];
}

/** Returns true for a fault of the whole that follows from a fault of a part. The part has a fault of its own. */
function isRedundant({ keyword }: SchemaFault): boolean {
	return keyword === "if" || keyword === "propertyNames";
}

function describeFault(fault: SchemaFault, { of, join, root }: PathStyle): string {
	const path = guestName(of(fault.instancePath));
	const { params } = fault;
	switch (fault.keyword) {
		case "additionalProperties":
		case "unevaluatedProperties":
			return `${join(path, guestName(String(params.additionalProperty ?? params.unevaluatedProperty)))}: no such key`;
		case "required":
			return `${join(path, String(params.missingProperty))}: is required`;
		case "enum":
			return `${path}: must be one of ${Array.isArray(params.allowedValues) ? params.allowedValues.join(", ") : "the allowed values"}`;
		case "discriminator":
			return `${join(path, String(params.tag))}: ${params.error === "mapping" ? "names no known case" : "must be the name of a case"}`;
		default:
			return `${path || root}: ${fault.message ?? `violates '${fault.keyword}'`}`;
	}
}

/** Returns the first `max` lines. If there are more, the last line tells so. A validator does not count all faults of a value. */
export function firstFaults(lines: readonly string[], max: number): readonly string[] {
	return lines.length <= max ? lines : [...lines.slice(0, max), `and at least ${lines.length - max} more`];
}

/** Returns the path of a JSON Pointer as code spells it: `messages[0].tool_calls` for `/messages/0/tool_calls`. */
export function readablePath(pointer: string): string {
	return pointer
		.split("/")
		.slice(1)
		.map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
		.reduce((path, part) => (/^\d+$/.test(part) ? `${path}[${part}]` : join(path, part)), "");
}

function join(path: string, member: string): string {
	return path === "" ? member : `${path}.${member}`;
}
