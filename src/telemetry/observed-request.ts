import type * as cchat from "../../generated/ir/cchat.ts";
import type { UntypedRequestEnvelope } from "../../generated/ir/envelope.ts";
import type { Operation, Transport } from "../../generated/ir/operations.ts";
import type { Usage } from "../../generated/ir/types.ts";
import { SpearError } from "../errors/spear-error.ts";
import { formatTraceparent, type TraceContext } from "../identity/trace-context.ts";
import { requestedModel } from "../operations/requested-model.ts";
import type { RouteDecision } from "../router/decision/route-decision.ts";
import type { AttemptObserver, AttemptSubject } from "../router/execution/attempt-observer.ts";
import type { ObservedCall } from "./call-observer.ts";
import { ATTRIBUTE, NO_PROVIDER, operationName } from "./conventions.ts";
import { attributeText } from "./metrics/bounded-names.ts";
import type { RunCounts, TelemetryParts } from "./telemetry-parts.ts";
import { messageContent } from "./tracing/message-content.ts";
import { member, requestAttributes, responseAttributes, upstreamAttributes, usageAttributes } from "./tracing/request-attributes.ts";
import { type ActiveSpan, KIND } from "./tracing/tracing.ts";
import type { UpstreamName } from "./upstreams.ts";

export interface ObservedRequestOptions {
	readonly telemetry: TelemetryParts;
	/** Name of the guest, as it is shown. */
	readonly guest: string;
	readonly operation: Operation;
	readonly transport: Transport;
	/** Span of the call. `undefined` without spans. */
	readonly span: ActiveSpan | undefined;
	/** The span that the request belongs to. `undefined` for none. */
	readonly trace: TraceContext | undefined;
	/** Counts of the run that the call belongs to. */
	readonly counts: RunCounts;
}

/** A call with its request: records metrics and spans. */
export class ObservedRequest implements ObservedCall {
	readonly trace: TraceContext | undefined;
	readonly #options: ObservedRequestOptions;
	/** Span of the request. */
	#span: ActiveSpan | undefined;
	#model: string | undefined;
	/** Times at which the request was sent to the router, of its first event, of the latest one, and of its decision. */
	#startedAt = 0;
	#startedWallMs = 0;
	#firstEventAt: number | undefined;
	#lastEventAt: number | undefined;
	#decision: RouteDecision | undefined;
	#chosen: UpstreamName | undefined;
	#response: object | undefined;
	#ended = false;

	constructor(options: ObservedRequestOptions) {
		this.#options = options;
		this.trace = options.trace;
	}

	onRequest(request: UntypedRequestEnvelope): void {
		const { telemetry, span: call, transport, counts } = this.#options;
		const { now, wallClock, tracing } = telemetry;
		counts.requests += 1;
		this.#model = requestedModel(request);
		this.#startedAt = now();
		if (tracing === undefined || call === undefined) return;
		this.#startedWallMs = wallClock();
		const name = operationName(request.operation);
		this.#span = tracing.start({
			name: this.#model === undefined ? name : `${name} ${attributeText(this.#model)}`,
			kind: KIND.client,
			attributes: requestAttributes(request, this.#model, transport === "server_stream"),
			parent: call.below,
		});
		const { content } = telemetry.settings();
		if (content === undefined || !this.#span.isRecording || !isChat(request.operation, request.payload)) return;
		this.#span.setAttributes({ [ATTRIBUTE.inputMessages]: messageContent(request.payload.messages, content) });
	}

	onAttempt({ backend, role }: AttemptSubject): AttemptObserver {
		const { telemetry, operation } = this.#options;
		const { tracing } = telemetry;
		const { upstreams, propagate } = telemetry.settings();
		const upstream = upstreams.get(backend) ?? { backend, provider: NO_PROVIDER, address: undefined, port: undefined };
		const request = this.#span;
		const span =
			request === undefined
				? undefined
				: tracing?.start({
						name: `attempt ${backend}`,
						kind: KIND.client,
						attributes: {
							[ATTRIBUTE.operation]: operationName(operation),
							[ATTRIBUTE.attemptRole]: role,
							...upstreamAttributes(upstream),
						},
						parent: request.below,
					});
		const trace = propagate.has(backend) ? (span?.trace ?? this.trace) : undefined;
		return {
			traceparent: trace === undefined ? undefined : formatTraceparent(trace),
			onFirstOutput: () => span?.addEvent("spear.first_output"),
			onChosen: () => {
				this.#chosen = upstream;
			},
			end: (failure) => span?.end(failure),
		};
	}

	onEvent(event: object): void {
		const { telemetry, operation } = this.#options;
		const { recorder, now } = telemetry;
		const at = now();
		this.#firstEventAt ??= at;
		if (this.#lastEventAt !== undefined) recorder?.recordChunk(operation, this.#chosen, this.#model, at - this.#lastEventAt);
		this.#lastEventAt = at;
		const completed = member(event, "completed");
		if (typeof completed === "object" && completed !== null) this.onResponse(completed);
	}

	onDecision(decision: RouteDecision): void {
		this.#decision = decision;
		if (decision.error !== undefined) this.#endRequest(decision.error);
	}

	onResponse(payload: object): void {
		this.#response = payload;
		this.#endRequest(undefined);
	}

	end(error?: unknown): void {
		const failed = error ?? this.#decision?.error;
		const failure = failed === undefined ? undefined : SpearError.from(failed);
		this.#endRequest(failure);
		this.#options.span?.end(failure);
	}

	/** Records the end of the request, once. */
	#endRequest(failure: SpearError | undefined): void {
		if (this.#ended) return;
		this.#ended = true;
		const { telemetry } = this.#options;
		const usage = this.#usage(failure);
		const toolCalls = toolCallsOf(this.#response);
		this.#options.counts.toolCalls += toolCalls;
		this.#endSpan(failure, usage);
		telemetry.recorder?.recordRequest({
			operation: this.#options.operation,
			guest: this.#options.guest,
			model: this.#model,
			upstream: this.#upstream,
			durationMs: telemetry.now() - this.#startedAt,
			firstEventMs: this.#firstEventMs,
			decision: this.#decision,
			errorCode: failure?.code,
			usage,
			toolCalls,
		});
	}

	get #upstream(): UpstreamName | undefined {
		const { chosen } = this.#decision ?? {};
		if (chosen === undefined) return undefined;
		const known = this.#options.telemetry.settings().upstreams.get(chosen);
		return known ?? { backend: chosen, provider: NO_PROVIDER, address: undefined, port: undefined };
	}

	get #firstEventMs(): number | undefined {
		return this.#firstEventAt === undefined ? undefined : this.#firstEventAt - this.#startedAt;
	}

	/** The usage of a session is known after its decision. */
	#usage(failure: SpearError | undefined): Usage | undefined {
		const reported = this.#decision?.usage ?? failure?.usage;
		const ofResponse = reported === undefined ? member(this.#response, "usage") : undefined;
		return reported ?? (typeof ofResponse === "object" && ofResponse !== null ? ofResponse : undefined);
	}

	#endSpan(failure: SpearError | undefined, usage: Usage | undefined): void {
		const span = this.#span;
		if (span === undefined) return;
		if (span.isRecording) {
			const upstream = this.#upstream;
			span.setAttributes({
				...(upstream === undefined ? { [ATTRIBUTE.provider]: NO_PROVIDER } : upstreamAttributes(upstream)),
				...(usage === undefined ? {} : usageAttributes(usage)),
				...(this.#response === undefined ? {} : responseAttributes(this.#response)),
				...(this.#decision?.cost === undefined ? {} : { [ATTRIBUTE.cost]: this.#decision.cost }),
				...(this.#firstEventMs === undefined ? {} : { [ATTRIBUTE.timeToFirstChunk]: this.#firstEventMs / 1_000 }),
			});
			this.#addEvents(span);
			this.#addOutput(span);
		}
		span.end(failure);
	}

	#addEvents(span: ActiveSpan): void {
		for (const { type, at_ms, backend, detail } of this.#decision?.events ?? []) {
			const attributes = {
				...(backend === undefined ? {} : { [ATTRIBUTE.backend]: backend }),
				...(detail === undefined ? {} : { [ATTRIBUTE.eventDetail]: attributeText(detail) }),
			};
			span.addEvent(`spear.${type}`, attributes, this.#startedWallMs + at_ms);
		}
	}

	#addOutput(span: ActiveSpan): void {
		const { content } = this.#options.telemetry.settings();
		const answer = this.#response;
		if (content === undefined || answer === undefined || !isAnswer(this.#options.operation, answer)) return;
		span.setAttributes({ [ATTRIBUTE.outputMessages]: messageContent([answer.message], content, answer.finish_reason) });
	}
}

function isChat(operation: Operation, payload: unknown): payload is cchat.Request {
	return operation === "chat_completions" && Array.isArray(member(payload, "messages"));
}

function isAnswer(operation: Operation, payload: object): payload is cchat.Response {
	return operation === "chat_completions" && Array.isArray(member(member(payload, "message"), "content"));
}

function toolCallsOf(response: object | undefined): number {
	const calls = member(member(response, "message"), "tool_calls");
	return Array.isArray(calls) ? calls.length : 0;
}
