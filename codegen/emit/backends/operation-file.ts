/** One operation's file: the interface a backend implements, and what the ABI says the operation may demand. */
import { type Abi, type Family, isBlocking, type StreamResource } from "../../model/abi.ts";
import type { Func, TypeRef } from "../../model/model.ts";
import { type IrScope, irType } from "../ir/type-text.ts";
import { docText } from "../kit/doc-comment.ts";
import { header, witSource } from "../kit/header.ts";
import { safeIdentifier } from "../kit/identifiers.ts";
import { Imports } from "../kit/imports.ts";
import { delimited } from "../kit/layout.ts";
import { moduleAlias, moduleOf } from "../kit/modules.ts";
import { template } from "../kit/template.ts";
import { camelCase, camelFromSnake, pascalCase } from "../names.ts";
import { backendType, channelType } from "./names.ts";

interface Method {
	readonly doc: string;
	readonly signature: string;
}

interface Channel {
	readonly doc: string;
	readonly type: string;
	readonly eventsDoc: string;
	readonly event: string;
	readonly methods: readonly Method[];
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

/** Functions of a session that the host itself provides on top of the channel's events. */
const READING = /^(?:next|try-next|subscribe.*)$/;

export function operationFile(family: Family, abi: Abi): string {
	const imports = new Imports();
	const scope: IrScope = {
		named(def) {
			const module = moduleOf(def, abi.model);
			const alias = moduleAlias(module);
			// The table of an operation called like its family has that name already.
			const free = alias === camelFromSnake(family.operation) ? `${alias}Ir` : alias;
			return `${imports.typeNamespace(free, `../ir/${module}.ts`)}.${pascalCase(def.name)}`;
		},
	};
	const entry = abi.interfaces.find(({ interface: iface }) => iface === family.interface);
	const session = entry?.streams.find(({ kind }) => kind === "session");
	const methods = operationMethods(family, scope, imports);
	const channel = session === undefined ? false : sessionChannel(family, session, scope);
	return operationTemplate({
		header: header([witSource(family.interface)]),
		imports: imports.toString(),
		interfaceDoc: `${docText(family.interface)}\n\nWhat a backend implements to serve \`${family.operation}\`.`,
		backendType: backendType(family.operation),
		methods,
		channel,
		tableDoc: "The operation as the ABI has it: how it may be carried, and every feature its payload can demand.",
		table: camelFromSnake(family.operation),
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
			doc: "Carries out one request and gives the whole answer. Fails by throwing.",
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
			doc: "Opens a session and gives its channel once it can be used. `context.signal` ends the session at once.",
			signature: `connect(${params}): Promise<${channelType(family.operation)}>`,
		});
	}
	return methods;
}

function sessionChannel(family: Family, session: StreamResource, scope: IrScope): Channel {
	const functions = session.resource.functions.filter(({ kind, name }) => kind === "method" && !READING.test(name));
	return {
		doc: `One open session of \`${family.operation}\`, seen from the host.`,
		type: channelType(family.operation),
		eventsDoc: "What the upstream delivers; the last is `completed`. A failure is thrown, never yielded. Iterated once.",
		event: scope.named(session.event),
		methods: functions.map((func) => channelMethod(func, scope)),
	};
}

function channelMethod(func: Func, scope: IrScope): Method {
	const params = func.params.map((param) => `${safeIdentifier(camelCase(param.name))}: ${valueType(param.type, scope)}`);
	const result = func.result?.kind === "result" ? func.result.ok : func.result;
	const value = result === undefined ? "void" : valueType(result, scope);
	return {
		doc: docText(func),
		signature: `${camelCase(func.name)}(${params.join(", ")}): ${isBlocking(func) ? `Promise<${value}>` : value}`,
	};
}

function valueType(type: TypeRef, scope: IrScope): string {
	return type.kind === "option" ? `${irType(type.some, scope)} | undefined` : irType(type, scope);
}

function stringList(names: readonly string[]): string {
	return delimited(
		"[",
		names.map((name) => JSON.stringify(name)),
		"]",
		1,
	);
}
