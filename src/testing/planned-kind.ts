import type { BackendContext } from "../../generated/backends/backend.ts";
import type { RealtimeVoiceInput } from "../../generated/backends/realtime-voice.ts";
import type { RequestEnvelope } from "../../generated/ir/envelope.ts";
import { type Feature, OPERATIONS, type OperationMap, type Transport } from "../../generated/ir/operations.ts";
import type { BackendKind } from "../backends/backend.ts";
import { type BackendInstance, defineBackend } from "../backends/define-backend.ts";
import type { Clock } from "../time/clock.ts";
import { MockChannel } from "./mock-channel.ts";
import type { MockedOperation } from "./mocked-operation.ts";
import type { MockRequest, Plan } from "./plan.ts";
import { chatEvents, images, playedWhole, speech, transcriptEvents, wholeSpeech } from "./play.ts";

/** A request before it is numbered. */
export interface ArrivedRequest<O extends MockedOperation> {
	readonly operation: O;
	readonly transport: Transport;
	readonly backend: string;
	readonly envelope: RequestEnvelope<O>;
	readonly input: readonly RealtimeVoiceInput[];
}

export interface PlannedKindOptions {
	/** Name for `kind` in the configuration. */
	readonly name: string;
	readonly operations: readonly MockedOperation[];
	/** Features that requests may demand. The default is all features of each operation. */
	readonly features?: readonly Feature[];
	/** Models of the instance, the default first. The default is `mock`, and any other model that a request names. */
	readonly models?: readonly string[];
	readonly clock: Clock;
	/** Returns the plan of the answer to a request. */
	readonly plan: <O extends MockedOperation>(request: ArrivedRequest<O>) => Plan<O> | Promise<Plan<O>>;
}

/** Returns a kind of backend whose answers are planned elsewhere. */
export function plannedKind({ name, operations, features, models = ["mock", "*"], clock, plan }: PlannedKindOptions): BackendKind {
	return defineBackend({
		name,
		create({ name: backend }) {
			const offers = <O extends MockedOperation>(operation: O) => ({
				features:
					features === undefined
						? OPERATIONS[operation].features
						: OPERATIONS[operation].features.filter((each) => features.includes(each)),
				models,
			});
			const arrived = <O extends MockedOperation>(
				operation: O,
				transport: Transport,
				envelope: RequestEnvelope<O>,
				input: readonly RealtimeVoiceInput[] = [],
			): Plan<O> | Promise<Plan<O>> => plan({ operation, transport, backend, envelope, input });
			type Envelope<O extends MockedOperation> = RequestEnvelope<O>;
			const all: Required<Pick<BackendInstance["operations"], MockedOperation>> = {
				chat_completions: {
					...offers("chat_completions"),
					unary: async (envelope, { signal }) => playedWhole(await arrived("chat_completions", "unary", envelope), clock, signal),
					async *stream(envelope, context) {
						yield* chatEvents(await arrived("chat_completions", "server_stream", envelope), clock, context);
					},
				},
				embeddings: {
					...offers("embeddings"),
					unary: async (envelope, { signal }) => playedWhole(await arrived("embeddings", "unary", envelope), clock, signal),
				},
				image_generation: {
					...offers("image_generation"),
					unary: async (envelope, context) => images(await arrived("image_generation", "unary", envelope), clock, context),
				},
				text_to_speech: {
					...offers("text_to_speech"),
					unary: async (envelope, context) => wholeSpeech(await arrived("text_to_speech", "unary", envelope), clock, context),
					async *stream(envelope, context) {
						yield* speech(await arrived("text_to_speech", "server_stream", envelope), clock, context);
					},
				},
				speech_to_text: {
					...offers("speech_to_text"),
					unary: async (envelope, { signal }) => playedWhole(await arrived("speech_to_text", "unary", envelope), clock, signal),
					async *stream(envelope, context) {
						yield* transcriptEvents(await arrived("speech_to_text", "server_stream", envelope), clock, context);
					},
				},
				realtime_voice: {
					...offers("realtime_voice"),
					connect: async (envelope: Envelope<"realtime_voice">, { signal }: BackendContext) =>
						new MockChannel({ clock, signal, plan: (input) => arrived("realtime_voice", "bidi_stream", envelope, input) }),
				},
			};
			return { operations: Object.fromEntries(operations.map((operation) => [operation, all[operation]])) };
		},
	});
}

/** Numbers the requests of each operation, and keeps them. */
export class RequestLog {
	readonly requests: MockRequest[] = [];

	add<O extends MockedOperation>(request: ArrivedRequest<O>): MockRequest<O> & { readonly operation: O } {
		const payload: OperationMap[O]["payload"] = request.envelope.payload;
		const index = this.requests.filter(({ operation }) => operation === request.operation).length;
		// The members agree, as those of `request` do. The compiler does not follow a type parameter into a union.
		const numbered = { ...request, payload, index } as unknown as MockRequest<O> & { readonly operation: O };
		this.requests.push(numbered as MockRequest);
		return numbered;
	}

	of<O extends MockedOperation>(operation: O): MockRequest<O>[] {
		// The filter selects the members of the union whose operation is O.
		return this.requests.filter((request) => request.operation === operation) as unknown as MockRequest<O>[];
	}
}
