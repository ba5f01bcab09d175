// A browser without a share sheet says so when it is asked. Flet's client asks without looking whether it can be asked;
// as JavaScript it understood the error that came of it and offered a download, as WebAssembly it does not.
"use strict";

if (!navigator.canShare) navigator.canShare = () => false;
