/** The file of an operation: the interface a backend implements, and the features that the operation may demand. */
import type { Abi, Family, StreamResource } from "../../model/abi.ts";
import { moduleOf, UnsupportedType } from "../../model/carried/data-types.ts";
import { type IrScope, irType } from "../../model/carried/ir-type.ts";
import type { Func } from "../../model/model.ts";
import { backendType, channelType, inputType, operationTable } from "../../model/names/backend-names.ts";
import { snakeCase } from "../../model/names/spelling.ts";
import { moduleAlias, typeName } from "../../model/names/type-names.ts";
import { docText } from "../kit/doc-comment.ts";
import { header, witSource } from "../kit/header.ts";
import { Imports } from "../kit/imports.ts";
import { delimited } from "../kit/layout.ts";
import { template } from "../kit/template.ts";

interface Method {
	readonly doc: string;
	readonly signature: string;
}

interface Input {
	readonly doc: string;
	readonly tag: string;
	readonly members: readonly string[];
}

interface Channel {
	readonly doc: string;
	readonly type: string;
	readonly inputDoc: string;
	readonly inputType: string;
	readonly inputs: readonly Input[];
	readonly event: string;
	readonly result: string;
}

interface OperationData {
	readonly header: string;
	readonly imports: string;
	readonly interfaceDoc: string;
	readonly backendType: string;
	readonly methods: readonly Method[];
	readonly channel: Channel | false;
	readonly tableDoc: string;
	readonly table: string;
	readonly operation: string;
	readonly family: string;
	readonly transports: string;
	readonly features: string;
}

const operationTemplate = template<OperationData>(new URL("./operation.hbs", import.meta.url));

/** Functions of a session that the host itself provides on top of a channel; every other method is a kind of input. */
const HOST_SIDE = /^(?:next|try-next|subscribe.*|state|drain|close)$/;

export function operationFile(family: Family, abi: Abi): string {
	const { operation } = family;
	const imports = new Imports([operationTable(operation), backendType(operation), channelType(operation), inputType(operation)]);
	const scope: IrScope = {
		named(def) {
			const module = moduleOf(def, abi.model);
			return `${imports.typeNamespace(moduleAlias(module), `../ir/${module}.ts`)}.${typeName(def)}`;
		},
	};
	const entry = abi.interfaces.find(({ interface: iface }) => iface === family.interface);
	const session = entry?.streams.find(({ kind }) => kind === "session");
	const methods = operationMethods(family, scope, imports);
	const channel = session === undefined ? false : sessionChannel(family, session, scope);
	return operationTemplate({
		header: header([witSource(family.interface)]),
		imports: imports.toString(),
		interfaceDoc: `${docText(family.interface)}\n\nThe implementation that a backend needs to serve \`${family.operation}\`.`,
		backendType: backendType(family.operation),
		methods,
		channel,
		tableDoc: "The operation as the ABI has it: how it may be carried, and every feature its payload can demand.",
		table: operationTable(operation),
		operation: family.operation,
		family: family.name,
		transports: stringList(family.transports),
		features: stringList(family.features),
	});
}

function operationMethods(family: Family, scope: IrScope, imports: Imports): Method[] {
	const request = `request: ${imports.type("RequestEnvelope", "../ir/envelope.ts")}<${JSON.stringify(family.operation)}>`;
	const params = `${request}, context: ${imports.type("BackendContext", "./backend.ts")}`;
	const methods: Method[] = [];
	if (family.transports.includes("unary")) {
		methods.push({
			doc: "Carries out one request and returns the whole answer. Fails by throwing.",
			signature: `unary(${params}): Promise<${scope.named(family.result)}>`,
		});
	}
	if (family.transports.includes("server_stream") && family.event !== undefined) {
		methods.push({
			doc: "Yields the answer's events as they arrive; the last is `completed`. A failure is thrown, never yielded.",
			signature: `stream(${params}): AsyncIterable<${scope.named(family.event)}>`,
		});
	}
	if (family.transports.includes("bidi_stream")) {
		methods.push({
			doc: "Opens a session and returns its channel once it can be used. `context.signal` ends the session at once.",
			signature: `connect(${params}): Promise<${channelType(family.operation)}>`,
		});
	}
	return methods;
}

function sessionChannel(family: Family, session: StreamResource, scope: IrScope): Channel {
	const functions = session.resource.functions.filter(({ kind, name }) => kind === "method" && !HOST_SIDE.test(name));
	return {
		doc: `A backend's end of one open session of \`${family.operation}\`. The host keeps the queues, the deadlines and the counters.`,
		type: channelType(family.operation),
		inputDoc: `One piece of input to a session of \`${family.operation}\`.`,
		inputType: inputType(family.operation),
		inputs: functions.map((func) => channelInput(func, scope)),
		event: scope.named(session.event),
		result: scope.named(family.result),
	};
}

function channelInput(func: Func, scope: IrScope): Input {
	const members = func.params.map(({ name, type, span }) => {
		const member = snakeCase(name);
		if (member === "type") throw new UnsupportedType("a parameter of a session's input cannot be called `type`", span);
		return type.kind === "option" ? `${member}?: ${irType(type.some, scope)}` : `${member}: ${irType(type, scope)}`;
	});
	return { doc: docText(func), tag: snakeCase(func.name), members };
}

function stringList(names: readonly string[]): string {
	return delimited(
		"[",
		names.map((name) => JSON.stringify(name)),
		"]",
		1,
	);
}
