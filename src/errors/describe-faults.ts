/** The part of an ajv error that is read here. */
export interface SchemaFault {
	readonly instancePath: string;
	readonly schemaPath?: string;
	readonly keyword: string;
	readonly params: Readonly<Record<string, unknown>>;
	readonly message?: string | undefined;
}

/** Each fault in one line that names the member first, as code would: `messages[0].content: must …`. Values are never repeated. */
export function describeFaults(faults: readonly SchemaFault[]): string[] {
	const lines = faults.filter((fault) => !isEcho(fault)).map((fault) => describeFault(fault));
	return [...new Set(lines)];
}

/** Faults that only say that a part already reported makes the whole invalid. */
function isEcho({ keyword }: SchemaFault): boolean {
	return keyword === "if" || keyword === "propertyNames";
}

function describeFault(fault: SchemaFault): string {
	const path = readablePath(fault.instancePath);
	const { params } = fault;
	switch (fault.keyword) {
		case "additionalProperties":
		case "unevaluatedProperties":
			return `${join(path, String(params.additionalProperty ?? params.unevaluatedProperty))}: no such key`;
		case "required":
			return `${join(path, String(params.missingProperty))}: is required`;
		case "enum":
			return `${path}: must be one of ${Array.isArray(params.allowedValues) ? params.allowedValues.join(", ") : "the allowed values"}`;
		default:
			return `${path || "value"}: ${fault.message ?? `violates '${fault.keyword}'`}`;
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
