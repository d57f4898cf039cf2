"""One contestant in a process of its own: prepares, says "ready", then for each line on standard input does the job
once and prints the seconds it took. `check PATH` saves what it computed last.

usage: worker.py KIND JOB THREADS FOLDER ARGUMENT...
"""
import os
import sys
import time

kind, job, threads, folder = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
arguments = sys.argv[5:]
for name in ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"]:
    os.environ[name] = str(threads)

import numpy as np  # noqa: E402  (after the thread counts)

import models  # noqa: E402


def onnxruntime(path, x):
    import onnxruntime
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    return lambda: session.run(None, {name: x})


def openvino(path, x):
    import openvino
    core = openvino.Core()
    model = core.read_model(path)
    model.reshape(list(x.shape))
    compiled = core.compile_model(
        model, "CPU", {"INFERENCE_NUM_THREADS": threads, "INFERENCE_PRECISION_HINT": "f32",
                       "PERFORMANCE_HINT": "LATENCY"})
    request = compiled.create_infer_request()

    def run():
        request.infer([x])
        return [request.get_output_tensor(i).data for i in range(len(compiled.outputs))]
    return run


def torch_forward(x, is_last):
    import torch
    torch.set_num_threads(threads)
    net = models.torch_vgg(models.vgg_weights())
    image = torch.from_numpy(x)
    if is_last:
        net, image = net.to(memory_format=torch.channels_last), image.to(memory_format=torch.channels_last)

    def run():
        with torch.inference_mode():
            return [net(image).contiguous().numpy()]
    return run


def torch_style(paths, is_last):
    import torch
    torch.set_num_threads(threads)
    net = models.torch_vgg(models.vgg_weights())
    start, content, style = [torch.from_numpy(np.load(path)) for path in paths]
    if is_last:
        net = net.to(memory_format=torch.channels_last)
        start, content, style = [t.to(memory_format=torch.channels_last) for t in (start, content, style)]

    def gram(f):
        _, c, h, w = f.shape
        f = f.reshape(c, h * w)
        return f @ f.T / (c * h * w)

    with torch.no_grad():
        goal = net.taps(content)[models.CONTENT_LAYER]
        found = net.taps(style)
        grams = [gram(found[layer]) for layer in models.STYLE_LAYERS]

    def loss(canvas):
        now = net.taps(canvas)
        look = sum(torch.nn.functional.mse_loss(gram(now[layer]), g) for layer, g in zip(models.STYLE_LAYERS, grams))
        return torch.nn.functional.mse_loss(now[models.CONTENT_LAYER], goal) + 1000 * look

    def run():
        canvas = start.clone().requires_grad_(True)
        total = loss(canvas)
        total.backward()
        return [np.array([total.item(), canvas.grad.norm().item()])]

    def optimise(steps):
        canvas = start.clone().requires_grad_(True)
        optimizer = torch.optim.LBFGS([canvas], lr=1, max_iter=20, history_size=100)
        count = [0]

        class Enough(Exception):
            pass

        def closure():
            if count[0] == steps:
                raise Enough
            count[0] += 1
            optimizer.zero_grad()
            total = loss(canvas)
            total.backward()
            return total
        try:
            while True:
                optimizer.step(closure)
        except Enough:
            np.save(os.path.join(folder, "torch-canvas.npy"), canvas.detach().contiguous().numpy())
    return run, optimise


def torch_train(weights, pictures, classes, is_last):
    import torch
    torch.set_num_threads(threads)
    net = models.torch_training(weights, 0.5)
    x, labels = torch.from_numpy(np.load(pictures)), torch.from_numpy(np.load(classes)).long()
    if is_last:
        net, x = net.to(memory_format=torch.channels_last), x.to(memory_format=torch.channels_last)
    kernels = [p for p in net.parameters() if p.dim() > 1]
    others = [p for p in net.parameters() if p.dim() == 1]
    # The gradient of 0.0005 times the sum of squares.
    optimizer = torch.optim.SGD([{"params": kernels, "weight_decay": 0.001}, {"params": others}], lr=1e-4,
                                momentum=0.9, nesterov=True)

    def step():
        optimizer.zero_grad()
        loss = torch.nn.functional.cross_entropy(net(x), labels)
        loss.backward()
        return loss.item()

    def first():
        """Loss and length of the gradient with nothing dropped, penalty included, before anything has moved."""
        for module in net:
            if isinstance(module, torch.nn.Dropout):
                module.p = 0.0
        loss = step() + 0.0005 * sum(float((p.detach() ** 2).sum()) for p in kernels)
        square = sum(float(((p.grad + 0.001 * p.detach()) ** 2).sum()) for p in kernels)
        square += sum(float((p.grad ** 2).sum()) for p in others)
        for module in net:
            if isinstance(module, torch.nn.Dropout):
                module.p = 0.5
        return [np.array([loss, square ** 0.5])]

    found = []

    def run():
        if not found:
            found.append(first())
        else:
            step()
            optimizer.step()
        return found[0]
    return run


def make():
    if job == "train":
        return torch_train(*arguments, kind == "torch-nhwc")
    if job == "style":
        return torch_style(arguments, kind == "torch-nhwc")[0]
    x = np.load(arguments[0])
    if kind in ("torch", "torch-nhwc"):
        return torch_forward(x, kind == "torch-nhwc")
    return {"onnxruntime": onnxruntime, "openvino": openvino}[kind](arguments[1], x)


if job == "style-run":
    torch_style(arguments[1:], False)[1](int(arguments[0]))
    sys.exit(0)

run = make()
result = run()
print("ready", flush=True)
for line in sys.stdin:
    words = line.split()
    if words and words[0] == "check":
        np.savez(words[1], *[np.asarray(value) for value in result])
        print("saved", flush=True)
        continue
    begin = time.perf_counter()
    result = run()
    print(time.perf_counter() - begin, flush=True)
