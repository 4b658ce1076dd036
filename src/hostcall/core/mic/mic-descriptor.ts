import { EAGAIN, EINVAL, EIO, ENOMEM, type Front, type Status } from "../../../../generated/hostcall/core/errno.ts";
import type { ActiveConfig, Config, MicStatus } from "../../../../generated/hostcall/core/mic.ts";
import { Events } from "../../../../generated/hostcall/core/poll.ts";
import { SpearError } from "../../../errors/spear-error.ts";
import type { CoreScope } from "../core-scope.ts";
import { FdObject } from "../fd-table.ts";
import { ArtificialSource } from "./artificial-source.ts";
import { DeviceSource } from "./device-source.ts";
import type { MicDevice } from "./mic-device.ts";
import { DEFAULT_QUEUE_BYTES, type MicSettings, micSettings } from "./mic-settings.ts";
import { MAX_RATE, MIN_RATE } from "./microphone.ts";
import type { SoundSource } from "./sound-source.ts";

/** Most channels that the sound of a device is spread to. Bounds the work of the host. */
const MAX_DEVICE_CHANNELS = 8;

/** Parts of a scope that a microphone uses. */
export type MicScope = Pick<CoreScope, "clock" | "memory" | "signal" | "logBudget" | "writeLog">;

/** A microphone of the guest: off, or with a source of sound. */
export class MicDescriptor extends FdObject {
	readonly kind = "Mic";
	readonly #scope: MicScope;
	readonly #device: MicDevice;
	#source: SoundSource | undefined;
	#settings: MicSettings | undefined;
	/** Reason for which no source was started. */
	#fault: string | undefined;
	/** Number of the settings. */
	#generation = 0;

	constructor(scope: MicScope, device: MicDevice) {
		super();
		this.#scope = scope;
		this.#device = device;
	}

	/** The end of the sound shows once every frame was read. */
	mask(): number {
		const hasFrame = this.#source !== undefined && this.#source.bytes > 0;
		const hasFailed = this.#lastError !== undefined;
		const hasEnded = this.#source?.isRunning === false && !hasFailed && !hasFrame;
		return (hasFrame ? Events.epollin : 0) | (hasFailed ? Events.epollerr : 0) | (hasEnded ? Events.epollhup : 0);
	}

	/** Applies settings and starts, with an empty queue. Returns `eio` without a device and without a fallback. */
	setParam(given: Config): Status {
		const settings = micSettings(given);
		if (settings === EINVAL) return EINVAL;
		this.#generation += 1;
		this.#settings = settings;
		const status = this.#start(settings);
		this.onChange();
		return status;
	}

	status(): MicStatus {
		return {
			running: this.#source?.isRunning ?? false,
			last_error: this.#lastError,
			queue_bytes: this.#source?.bytes ?? 0,
			max_queue_bytes: this.#settings?.maxQueueBytes ?? DEFAULT_QUEUE_BYTES,
			dropped_frames: this.#source?.dropped ?? 0,
			generation: this.#generation,
			config: this.#activeConfig,
		};
	}

	/** Returns the oldest frame. */
	read(): Front<Uint8Array> | typeof EAGAIN {
		const source = this.#source;
		const item = source?.first;
		if (source === undefined || item === undefined) return EAGAIN;
		return {
			item,
			remove: () => {
				source.take();
				this.onChange();
			},
		};
	}

	override [Symbol.dispose](): void {
		this.#stop();
	}

	get #lastError(): string | undefined {
		return this.#fault ?? this.#source?.fault;
	}

	get #activeConfig(): ActiveConfig | undefined {
		return this.#settings?.config;
	}

	#start(settings: MicSettings): Status {
		this.#fault = undefined;
		if (!settings.usesDevice) return this.#startArtificial(settings);
		const fault = this.#startDevice(settings);
		if (fault === undefined) return 0;
		if (settings.hasFallback) return this.#startArtificial(settings);
		this.#stop();
		this.#fault = fault;
		return EIO;
	}

	/** Returns the reason for which the device was not started. A device that is on goes on. */
	#startDevice(settings: MicSettings): string | undefined {
		const { sample_rate_hz, channels, format } = settings.config;
		if (format !== "pcm16") return "the device has the format pcm16 only";
		if (sample_rate_hz < MIN_RATE || sample_rate_hz > MAX_RATE)
			return `the device has sample rates from ${MIN_RATE} to ${MAX_RATE} Hz only`;
		if (channels > MAX_DEVICE_CHANNELS) return `the device has up to ${MAX_DEVICE_CHANNELS} channels only`;
		if (this.#source instanceof DeviceSource && this.#source.fault !== undefined) return this.#source.fault;
		if (this.#source instanceof DeviceSource) {
			this.#source.restart(settings);
			return undefined;
		}
		const sound = this.#device.acquire(this);
		if (typeof sound === "string") return sound;
		this.#source?.[Symbol.dispose]();
		this.#source = new DeviceSource(sound, settings, {
			...this.#scope,
			onChange: () => this.onChange(),
			onFailure: (cause) => this.#report(cause),
		});
		return undefined;
	}

	/** Returns `enomem` if the guest has no memory left for its sound. */
	#startArtificial(settings: MicSettings): Status {
		this.#stop();
		const { clock, memory } = this.#scope;
		try {
			this.#source = new ArtificialSource(settings, { clock, memory, onFrame: () => this.onChange() });
			return 0;
		} catch (thrown) {
			if (!(thrown instanceof SpearError)) throw thrown;
			this.#fault = "there is no memory left for the sound";
			return ENOMEM;
		}
	}

	#stop(): void {
		this.#source?.[Symbol.dispose]();
		this.#source = undefined;
		this.#device.release(this);
	}

	/** Shows the failure of the embedder's sound in the log. The guest learns only that there was one. */
	#report(cause: unknown): void {
		const text = cause instanceof Error ? cause.message : String(cause);
		// A guest that opens its microphone again and again would fill the log otherwise.
		if (!this.#scope.logBudget.admit(text.length)) return;
		this.#scope.writeLog("warn", "the sound of the microphone has failed", [{ key: "error", value: text }]);
	}
}
