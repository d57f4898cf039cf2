"""ONNX models in the programs that run them: a function from an input to the list of outputs, fp32, on so many threads."""


def onnxruntime(path, threads):
    import onnxruntime
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    return lambda x: session.run(None, {name: x})


def openvino(path, threads, shape):
    import openvino
    core = openvino.Core()
    model = core.read_model(path)
    model.reshape(list(shape))
    compiled = core.compile_model(
        model, "CPU", {"INFERENCE_NUM_THREADS": threads, "INFERENCE_PRECISION_HINT": "f32",
                       "PERFORMANCE_HINT": "LATENCY"})
    request = compiled.create_infer_request()

    def run(x):
        request.infer([x])
        return [request.get_output_tensor(i).data for i in range(len(compiled.outputs))]
    return run


def network(name, path, threads, x):
    """The contestant `name` on one input."""
    forward = onnxruntime(path, threads) if name == "onnxruntime" else openvino(path, threads, x.shape)
    return lambda: forward(x)
