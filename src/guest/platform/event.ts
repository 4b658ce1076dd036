/**
 * Events of the DOM without a tree: a target calls its own listeners.
 *
 * @see https://dom.spec.whatwg.org/#events
 */
import { monotonicNow } from "./clock.ts";
import { DomException } from "./dom-exception.ts";
import { reportError } from "./report-error.ts";

/** Members of an event that its target writes. */
interface Dispatch {
	isRunning: boolean;
	target: EventTarget | null;
	currentTarget: EventTarget | null;
	isStopped: boolean;
	isPassive: boolean;
	isTrusted: boolean;
}

const dispatches = new WeakMap<Event, Dispatch>();

function dispatchOf(event: Event): Dispatch {
	const dispatch = dispatches.get(event);
	if (dispatch === undefined) throw new TypeError("this is no event");
	return dispatch;
}

export interface EventInit {
	readonly bubbles?: boolean | undefined;
	readonly cancelable?: boolean | undefined;
	readonly composed?: boolean | undefined;
}

export class Event {
	static readonly NONE = 0;
	static readonly CAPTURING_PHASE = 1;
	static readonly AT_TARGET = 2;
	static readonly BUBBLING_PHASE = 3;
	readonly NONE = 0;
	readonly CAPTURING_PHASE = 1;
	readonly AT_TARGET = 2;
	readonly BUBBLING_PHASE = 3;
	readonly type: string;
	readonly bubbles: boolean;
	readonly cancelable: boolean;
	readonly composed: boolean;
	readonly timeStamp: number = monotonicNow();
	#isCanceled = false;
	#isPropagationStopped = false;

	constructor(type: string, init?: EventInit | null) {
		if (type === undefined) throw new TypeError("an event needs a type");
		this.type = String(type);
		this.bubbles = Boolean(init?.bubbles);
		this.cancelable = Boolean(init?.cancelable);
		this.composed = Boolean(init?.composed);
		dispatches.set(this, {
			isRunning: false,
			target: null,
			currentTarget: null,
			isStopped: false,
			isPassive: false,
			isTrusted: false,
		});
	}

	get target(): EventTarget | null {
		return dispatchOf(this).target;
	}
	get srcElement(): EventTarget | null {
		return dispatchOf(this).target;
	}
	get currentTarget(): EventTarget | null {
		return dispatchOf(this).currentTarget;
	}
	get eventPhase(): number {
		return dispatchOf(this).currentTarget === null ? 0 : 2;
	}
	get isTrusted(): boolean {
		return dispatchOf(this).isTrusted;
	}
	get defaultPrevented(): boolean {
		return this.#isCanceled;
	}
	get returnValue(): boolean {
		return !this.#isCanceled;
	}
	set returnValue(value: boolean) {
		if (!value) this.preventDefault();
	}
	get cancelBubble(): boolean {
		return this.#isPropagationStopped;
	}
	set cancelBubble(value: boolean) {
		if (value) this.#isPropagationStopped = true;
	}
	composedPath(): EventTarget[] {
		const { currentTarget } = dispatchOf(this);
		return currentTarget === null ? [] : [currentTarget];
	}
	preventDefault(): void {
		if (this.cancelable && !dispatchOf(this).isPassive) this.#isCanceled = true;
	}
	stopPropagation(): void {
		this.#isPropagationStopped = true;
	}
	stopImmediatePropagation(): void {
		this.#isPropagationStopped = true;
		dispatchOf(this).isStopped = true;
	}
	get [Symbol.toStringTag](): string {
		return "Event";
	}

	/** True if no further target receives the event. */
	static isPropagationStopped(event: Event): boolean {
		return event.#isPropagationStopped;
	}
	/** Allows the event to be dispatched again. */
	static resume(event: Event): void {
		event.#isPropagationStopped = false;
	}
}

const { isPropagationStopped, resume } = Event;
Reflect.deleteProperty(Event, "isPropagationStopped");
Reflect.deleteProperty(Event, "resume");

export class CustomEvent<Detail = unknown> extends Event {
	readonly detail: Detail | null;

	constructor(type: string, init?: (EventInit & { readonly detail?: Detail }) | null) {
		super(type, init);
		this.detail = init?.detail ?? null;
	}
	override get [Symbol.toStringTag](): string {
		return "CustomEvent";
	}
}

export type Listener = ((event: Event) => unknown) | { handleEvent(event: Event): unknown };

export interface ListenerOptions {
	readonly capture?: boolean | undefined;
	readonly once?: boolean | undefined;
	readonly passive?: boolean | undefined;
	/** Removes the listener when it is aborted. */
	readonly signal?: (EventTarget & { readonly aborted: boolean }) | undefined;
}

interface Registration {
	readonly type: string;
	readonly listener: Listener;
	readonly capture: boolean;
	readonly once: boolean;
	readonly passive: boolean;
	isRemoved: boolean;
}

export class EventTarget {
	#listeners: Registration[] = [];

	addEventListener(type: string, listener: Listener | null, options?: ListenerOptions | boolean | null): void {
		const {
			capture = false,
			once = false,
			passive = false,
			signal,
		} = typeof options === "boolean" ? { capture: options } : (options ?? {});
		if (signal === null) throw new TypeError("signal must be an AbortSignal");
		if (listener === null || listener === undefined || signal?.aborted) return;
		if (typeof listener !== "function" && typeof listener !== "object") throw new TypeError("a listener must be a function or an object");
		if (this.#find(String(type), listener, Boolean(capture)) !== undefined) return;
		this.#listeners.push({
			type: String(type),
			listener,
			capture: Boolean(capture),
			once: Boolean(once),
			passive: Boolean(passive),
			isRemoved: false,
		});
		signal?.addEventListener("abort", () => this.removeEventListener(type, listener, { capture }), { once: true });
	}

	removeEventListener(type: string, listener: Listener | null, options?: ListenerOptions | boolean | null): void {
		if (listener === null || listener === undefined) return;
		const capture = Boolean(typeof options === "boolean" ? options : options?.capture);
		const found = this.#find(String(type), listener, capture);
		if (found !== undefined) this.#remove(found);
	}

	/** Calls the listeners of the event. Returns false if one of them prevented its default. An exception of a listener is logged. */
	dispatchEvent(event: Event): boolean {
		return dispatchEvent(this, event, false);
	}

	/** Dispatches an event, with the value of its `isTrusted`. */
	static dispatch(target: EventTarget, event: Event, isTrusted: boolean): boolean {
		const dispatch = dispatchOf(event);
		if (dispatch.isRunning) throw new DomException("the event is being dispatched already", "InvalidStateError");
		Object.assign(dispatch, { isTrusted, isRunning: true, target, currentTarget: target });
		for (const capture of [true, false]) if (!isPropagationStopped(event)) target.#call(event, dispatch, capture);
		Object.assign(dispatch, { currentTarget: null, isStopped: false, isRunning: false });
		resume(event);
		return !event.defaultPrevented;
	}

	get [Symbol.toStringTag](): string {
		return "EventTarget";
	}

	#call(event: Event, dispatch: Dispatch, capture: boolean): void {
		for (const registration of this.#listeners.filter((other) => other.type === event.type && other.capture === capture)) {
			if (registration.isRemoved) continue;
			if (dispatch.isStopped) return;
			if (registration.once) this.#remove(registration);
			dispatch.isPassive = registration.passive;
			try {
				const { listener } = registration;
				if (typeof listener === "function") Reflect.apply(listener, this, [event]);
				else listener.handleEvent(event);
			} catch (thrown) {
				reportError(thrown);
			}
			dispatch.isPassive = false;
		}
	}

	#find(type: string, listener: Listener, capture: boolean): Registration | undefined {
		return this.#listeners.find((other) => other.type === type && other.listener === listener && other.capture === capture);
	}

	#remove(registration: Registration): void {
		registration.isRemoved = true;
		this.#listeners = this.#listeners.filter((other) => other !== registration);
	}
}

/** Dispatches an event, with the value of its `isTrusted`. For the platform's own events. */
export const { dispatch: dispatchEvent } = EventTarget;
Reflect.deleteProperty(EventTarget, "dispatch");
