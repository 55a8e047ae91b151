// What is loaded when somebody sets something up: what is wrong with the settings, and the test event.
export * from './settingswords';
export { sendTestEvent } from './testevent';
