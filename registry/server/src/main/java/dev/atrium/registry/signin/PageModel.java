package dev.atrium.registry.signin;

import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ModelAttribute;

/** What every page needs. */
@ControllerAdvice(assignableTypes = {SignInController.class, ChangePasswordController.class})
class PageModel {
    private final PageStyle style;

    PageModel(PageStyle style) {
        this.style = style;
    }

    @ModelAttribute("css")
    String css() {
        return style.css();
    }
}
