/** The part of an ajv error that is read here. */
export interface SchemaFault {
	readonly instancePath: string;
	readonly schemaPath?: string;
	readonly keyword: string;
	readonly params: Readonly<Record<string, unknown>>;
	readonly message?: string | undefined;
}

/** How a line names the member at fault. */
interface PathStyle {
	/** The path of the value that a JSON Pointer leads to. */
	readonly of: (pointer: string) => string;
	readonly join: (path: string, member: string) => string;
	/** Names the whole. */
	readonly root: string;
}

const AS_CODE: PathStyle = { of: readablePath, join, root: "value" };

/** Each fault in one line that names the member first, as code would: `messages[0].content: must …`. Values are never repeated. */
export function describeFaults(faults: readonly SchemaFault[]): string[] {
	return describe(faults, AS_CODE);
}

/** The same for who wrote JSON text, which `root` names: `/messages/0/content: must …`. */
export function describeFaultsByPointer(faults: readonly SchemaFault[], root: string): string[] {
	const join = (pointer: string, member: string): string => `${pointer}/${member.replaceAll("~", "~0").replaceAll("/", "~1")}`;
	return describe(faults, { of: (pointer) => pointer, join, root });
}

function describe(faults: readonly SchemaFault[], style: PathStyle): string[] {
	const lines = faults.filter((fault) => !isEcho(fault)).map((fault) => describeFault(fault, style));
	return [...new Set(lines)];
}

/** Faults that only say that a part already reported makes the whole invalid. */
function isEcho({ keyword }: SchemaFault): boolean {
	return keyword === "if" || keyword === "propertyNames";
}

function describeFault(fault: SchemaFault, { of, join, root }: PathStyle): string {
	const path = of(fault.instancePath);
	const { params } = fault;
	switch (fault.keyword) {
		case "additionalProperties":
		case "unevaluatedProperties":
			return `${join(path, String(params.additionalProperty ?? params.unevaluatedProperty))}: no such key`;
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

/** `/messages/0/tool_calls` → `messages[0].tool_calls` */
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
