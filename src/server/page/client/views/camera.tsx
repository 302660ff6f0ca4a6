/// <reference lib="dom" />
import { useEffect, useRef, useState } from "preact/hooks";
import type { PageProps } from "./props.ts";

/** What the browser says when there is no picture, and what that means. */
const reasons: Readonly<Record<string, string>> = {
  NotAllowedError: "This page may not use the camera. Allow it in your browser’s settings for this page.",
  NotFoundError: "No camera was found. Plug one in, or choose a photo.",
  NotReadableError: "The camera is in use by another program. Close that, and try again.",
  OverconstrainedError: "The camera cannot give such a picture. Try another one.",
};

/** @throws {Error} That says in plain words why there is no camera. */
async function openCamera(): Promise<MediaStream> {
  if (!globalThis.isSecureContext || !navigator.mediaDevices) {
    throw new Error("Browsers lend the camera only to pages that come by https or from this computer.");
  }
  try {
    return await navigator.mediaDevices.getUserMedia({
      video: { facingMode: "environment", width: { ideal: 1920 } },
    });
  } catch (error) {
    const name = error instanceof Error ? error.name : "";
    throw new Error(reasons[name] ?? "The camera could not be started. Try again, or choose a photo.");
  }
}

async function takePhoto(video: HTMLVideoElement): Promise<File> {
  const canvas = new OffscreenCanvas(video.videoWidth, video.videoHeight);
  canvas.getContext("2d")!.drawImage(video, 0, 0);
  const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.92 });
  return new File([blob], "camera.jpg", { type: blob.type });
}

function CameraDialog({ actions, onClose }: Pick<PageProps, "actions"> & { readonly onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const video = useRef<HTMLVideoElement>(null);
  const [isReady, setReady] = useState(false);
  const [trouble, setTrouble] = useState("");
  useEffect(() => {
    dialog.current!.showModal();
    let isOpen = true;
    let stream: MediaStream | undefined;
    const stop = () => stream?.getTracks().forEach((track) => track.stop());
    openCamera().then((opened) => {
      stream = opened;
      if (isOpen) video.current!.srcObject = stream;
      else stop();
    }, (error: Error) => isOpen && setTrouble(error.message));
    return () => {
      isOpen = false;
      stop();
    };
  }, []);
  return (
    <dialog ref={dialog} class="camera" aria-labelledby="camera-title" onClose={onClose}>
      <h2 id="camera-title">Take a photo</h2>
      <p role="status">
        {trouble || (isReady ? "" : "Your browser may ask whether this page may use the camera.")}
      </p>
      <video
        ref={video}
        autoplay
        playsInline
        muted
        hidden={!isReady}
        aria-label="What the camera sees"
        onLoadedData={() => setReady(true)}
      />
      <div class="row end">
        <button type="button" class="button" onClick={() => dialog.current!.close()}>Cancel</button>
        <button
          type="button"
          class="button primary"
          aria-disabled={!isReady}
          onClick={async () => {
            if (!isReady) return;
            const photo = await takePhoto(video.current!);
            dialog.current!.close();
            actions.open(photo);
          }}
        >
          Take the photo
        </button>
      </div>
    </dialog>
  );
}

/** A button that opens the camera. */
export function CameraButton({ actions }: PageProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" class="button" onClick={() => setOpen(true)}>Camera</button>
      {isOpen && <CameraDialog actions={actions} onClose={() => setOpen(false)} />}
    </>
  );
}
