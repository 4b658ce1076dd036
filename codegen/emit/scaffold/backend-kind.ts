/**
 * The first text of a new kind of backend: `src/backends/kinds/<kind>/index.ts` and a file an operation, all of it compiling and none of
 * it working. Written once; from then on it is the user's.
 */
import type { Abi, Family } from "../../model/abi.ts";
import { fieldTree, flattened } from "../../model/carried/field-tree.ts";
import { backendType, operationModule } from "../../model/names/backend-names.ts";
import { camelCase, camelFromSnake } from "../../model/names/spelling.ts";
import type { EmittedFile } from "../emitter.ts";
import { Imports } from "../kit/imports.ts";
import { delimited } from "../kit/layout.ts";
import { template } from "../kit/template.ts";

interface Entry {
	readonly name: string;
	readonly value: string;
}

interface IndexData {
	readonly imports: string;
	readonly exportName: string;
	readonly kind: string;
	readonly operations: readonly Entry[];
	readonly capabilities: readonly Entry[];
}

interface OperationData {
	readonly imports: string;
	readonly operation: string;
	readonly capabilities: string;
	readonly rules: string;
	/** Paths of the fields as keys of an object. */
	readonly fields: readonly string[];
	readonly transports: string;
	readonly summary: string;
	readonly factory: string;
	readonly backendType: string;
	readonly methods: readonly { readonly head: string; readonly message: string }[];
}

const indexTemplate = template<IndexData>(new URL("./backend-index.hbs", import.meta.url));
const operationTemplate = template<OperationData>(new URL("./backend-operation.hbs", import.meta.url));

/** The methods of a backend, by the transport that needs them. */
const METHODS = {
	unary: { name: "unary", head: "async unary(_request, _context)" },
	server_stream: { name: "stream", head: "stream(_request, _context)" },
	bidi_stream: { name: "connect", head: "async connect(_request, _context)" },
} as const;

/**
 * Paths are relative to the project's root.
 *
 * @param kind kebab-case name of the kind and of its folder
 * @param operations the operations to serve. The default is all of the ABI
 * @throws Error for a name that cannot be a folder's, or an operation the ABI does not have
 */
export function backendKindFiles(
	abi: Abi,
	kind: string,
	operations: readonly string[] = abi.families.map((family) => family.operation),
): EmittedFile[] {
	if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(kind)) {
		throw new Error(`'${kind}' cannot name a backend kind: use lower-case words joined by '-', such as 'my-backend'`);
	}
	const known = abi.families.map((family) => family.operation);
	const unknown = operations.find((operation) => !known.includes(operation));
	if (unknown !== undefined) throw new Error(`the ABI has no operation '${unknown}'; it has ${known.join(", ")}`);
	const served = abi.families.filter((family) => operations.includes(family.operation));
	return [
		{ path: `src/backends/kinds/${kind}/index.ts`, content: indexText(abi, kind, served) },
		...served.map((family) => ({ path: `src/backends/kinds/${kind}/${family.name}.ts`, content: operationText(kind, family) })),
	];
}

function indexText(abi: Abi, kind: string, served: readonly Family[]): string {
	const imports = new Imports();
	imports.type("BackendKind", "../../backend.ts");
	const operations = abi.families.map((family) => {
		if (!served.includes(family)) return { name: family.operation, value: "undefined" };
		return { name: family.operation, value: `${imports.value(factoryName(family), `./${family.name}.ts`)}(config)` };
	});
	const capabilities = served.map((family) => ({
		name: family.operation,
		value: imports.value(capabilitiesName(family), `./${family.name}.ts`),
	}));
	return indexTemplate({ imports: imports.toString(), exportName: camelCase(kind), kind, operations, capabilities });
}

function operationText(kind: string, family: Family): string {
	const { operation } = family;
	const imports = new Imports();
	imports.type(backendType(operation), `../../../../generated/backends/${operationModule(operation)}.ts`);
	imports.value("SpearError", "../../../errors/spear-error.ts");
	imports.value("offeredFeatures", "../../offered-features.ts");
	imports.type("FieldRules", "../../rules.ts");
	imports.value("pass", "../../rules.ts");
	for (const name of ["InstanceConfig", "OperationCapabilities"]) imports.type(name, "../../backend.ts");
	return operationTemplate({
		imports: imports.toString(),
		operation,
		capabilities: capabilitiesName(family),
		rules: `${operation.toUpperCase()}_RULES`,
		fields: flattened(fieldTree(family.payload)).map(({ path }) => (path.includes(".") ? JSON.stringify(path) : path)),
		transports: delimited(
			"[",
			family.transports.map((name) => JSON.stringify(name)),
			"]",
			1,
		),
		summary: `TODO: say how this kind carries out \`${operation}\`.`,
		factory: factoryName(family),
		backendType: backendType(operation),
		methods: family.transports.map((transport) => ({
			head: METHODS[transport].head,
			message: `\`${operation}\` (${METHODS[transport].name}) of the backend kind \`${kind}\` is not written yet`,
		})),
	});
}

/** `chat_completions` → `chatCompletionsBackend` */
function factoryName({ operation }: Family): string {
	return `${camelFromSnake(operation)}Backend`;
}

/** `chat_completions` → `CHAT_COMPLETIONS_CAPABILITIES` */
function capabilitiesName({ operation }: Family): string {
	return `${operation.toUpperCase()}_CAPABILITIES`;
}
